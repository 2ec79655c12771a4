"""Made documents: one fictional story, written as a file of each format."""
