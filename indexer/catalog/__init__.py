"""The one interface to an archive: what views, pages, API and commands ask, whichever engine answers."""
