"""The measured engines, one module each, with one interface."""
