"""The record store: patient data read once into Parquet files, and what is in them."""

from eligo.store.store import Part, Store

__all__ = ["Part", "Store"]
