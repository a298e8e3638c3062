"""What the archive knows of one thing: a name, a version, a series, an issue, a person, what an entry is related to."""
