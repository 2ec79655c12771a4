"""Readers against broken files: mutations of good ones, and what must hold for any bytes."""
