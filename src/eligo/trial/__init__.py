"""A trial: its record, criteria, decisions and compiled rules."""
