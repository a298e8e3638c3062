"""make load: the server under heavy load, measured from another process."""
