"""Views over the catalog: identifiers, versions, series, issues, people, and related entries."""
