"""Many stored intakes at once, column by column. Polars lives here only.

Read `layout` (a stored row), `frames` and `json_rows` (how rows come in), `expressions`, `conditions`, `rules`,
`columns` (a book over columns), then `changes`.
"""
