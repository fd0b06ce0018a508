"""Match patients with many trials at once."""
