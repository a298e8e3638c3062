"""What the archive knows of one thing: a name, a kernel, a series, an issue, a person, what an entry is related to."""
