"""What a user names (files, folders, patterns, addresses) in; the issues in it out."""
