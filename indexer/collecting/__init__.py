"""Find the issues in what a user names: files, folders, patterns and URLs."""
