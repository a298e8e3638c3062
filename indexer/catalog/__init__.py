"""The catalog: the one interface to an archive for views, pages, API and commands, whatever the engine."""
