"""The record store: patient data read once into Parquet files, and what is in them."""
