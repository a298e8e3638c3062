"""What only newsletters about the Linux kernel need: patch subjects, series, releases, identifiers."""
