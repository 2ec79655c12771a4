"""The text of record: vetted documents, their manifest and the nouns for ranges of them."""
