"""What every answer shares: caching, absolute addresses, errors, static files."""
