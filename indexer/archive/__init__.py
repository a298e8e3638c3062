"""The archive folder and fetched originals in; newsletters, facts, topics and issue files out."""
