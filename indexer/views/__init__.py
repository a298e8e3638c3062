"""Views of an archive: identifiers, kernel versions, series, issues, people, topics and related entries."""
