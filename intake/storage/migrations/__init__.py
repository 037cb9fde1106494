"""How the database came to be: `env` runs the revisions in `versions`, which create the `tables`."""
