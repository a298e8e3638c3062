"""The engines that are measured, each in a module of its own behind one protocol."""
