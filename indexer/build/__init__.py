"""Write the index: read what changed, write a generation, publish it."""
