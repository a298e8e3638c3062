"""Tests of what is known of one thing."""
