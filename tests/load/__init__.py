"""make load: the server under as many requests as it bears, measured from another process."""
