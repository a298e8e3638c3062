"""Linux kernel support: patch subjects, series, releases, identifiers and outcomes."""
