"""Infer a newsletter's table from its issues, with the confidence of each key."""
