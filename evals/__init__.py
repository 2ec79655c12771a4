"""Evaluation: cases, measures, and fitting the policy."""
