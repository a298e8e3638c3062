"""A query as a value: its text parsed to a tree, its parameters in an address."""
