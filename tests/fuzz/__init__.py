"""Random and coverage-guided input for all that reads what others wrote."""
