"""Criterion patterns: blocks and rows that become OWL definitions."""
