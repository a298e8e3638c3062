"""The pages as files that anything can serve: each asked of the app, its links led to files, written whole."""
