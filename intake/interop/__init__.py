"""The rule book in the shapes of other systems: dicts out; no Flask, no files; it knows the engine only."""
