"""The enriched graph that engines judge."""
