"""What screening found, written for people and for machines."""
