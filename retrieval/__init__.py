"""Question in, reply out: search, reading, quoting, and knowing when not to."""
