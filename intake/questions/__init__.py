"""The questions as controls of a form: what may be posted, what it answers, how it is shown.

Read `views` (plain data for templates), `fields`, `typed`, `rows`, then `pages`; `wording/` holds the words by topic.
"""
