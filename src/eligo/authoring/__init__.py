"""The check of trials' files: shapes, logic, coverage."""
