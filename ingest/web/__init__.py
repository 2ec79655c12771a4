"""Takes pages in from the web: only what may be taken, and no more often than it has changed."""
