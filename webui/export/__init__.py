"""Export the site as files: request each page from the app, rewrite its links, and write it."""
