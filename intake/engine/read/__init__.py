"""From YAML and JSON to the book: every fault with its line and the nearest right word, all of them at once.

Read `load`, then `vocabulary` and `rules` with `entries` and `conditions`. `answers` reads an intake, `overlay` the
rules of a clinic, `check` looks over what was read; `yaml_nodes` and `yaml_values` are the tools below.
"""
