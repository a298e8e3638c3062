"""Where issues come from: archive folders, the user's data, downloads."""
