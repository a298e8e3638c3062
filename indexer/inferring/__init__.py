"""A newsletter's issues in; the table that says how they are named and divided out, with how sure each key is."""
