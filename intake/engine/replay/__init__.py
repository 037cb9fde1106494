"""Many stored intakes at once, column by column. Polars lives here only.

Read `layout` (a stored row), `frames`, `conditions`, `rules`, `columns` (a book over columns), then `changes`.
"""
