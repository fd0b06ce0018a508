"""What screening a record store gives: a folder of Parquet files with everything behind it."""
