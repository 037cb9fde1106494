"""The command line: one module a noun, each a thin layer over the workflow.

Read `table` (every command in one place) and `console` (what they share: refusals, exit statuses, the parts they work
with), then `triage`; `rulebook`, `proofs`, `overlay`, `publications` and `archive` are the `rules` group; `accounts`,
`database` (with the `papers` of a backup), `server` (over `http_server`, with the questions of the `first_run`) and
`demo` keep an installation; `messages` and the `post_room` send what the outbox holds; `paper` prints the form.
"""
