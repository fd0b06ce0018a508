"""Eligo: clinical-trial eligibility as logic."""
