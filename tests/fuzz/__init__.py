"""Random and coverage-guided input for everything that reads foreign data."""
