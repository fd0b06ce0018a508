"""Tests that try to get a wrong "eligible" out of broken, misplaced and misspelt records."""
