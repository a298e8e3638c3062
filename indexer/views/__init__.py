"""What is known about a name, a version, a series, an issue or a person, and related entries."""
