"""From YAML and JSON to the book: every fault with its line and the nearest right word, all of them at once.

Read `load`, then `vocabulary` (with `facts` and `roles`) and `rules` (with `entries`, `conditions`, `places` and
`examples`): each opens a `section` of the file and takes typed `values` from it. Below them `parse` makes `nodes` of
the text, and `problems` collects what is wrong. `answers` reads an intake, `overlay` and `policies` what a clinic adds
and counts stricter; `check` looks over what was read.
"""
