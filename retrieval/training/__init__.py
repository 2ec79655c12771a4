"""Offline work that needs torch: exporting the encoder (and, later, training the reader)."""
