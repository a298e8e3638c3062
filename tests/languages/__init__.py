"""Tests of newsletters in other languages than English."""
