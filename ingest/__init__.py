"""Offline: reads files, vets them into a corpus, and builds indexes."""
