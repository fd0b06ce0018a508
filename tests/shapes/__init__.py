"""Tests of the shapes that judge records and trial files."""
