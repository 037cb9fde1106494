"""The questions as controls of a form: what may be posted, what it answers, how it is shown.

Read `views` (plain data for templates), `control` (what all can do), `radios`, `checks`, `typed` over
`typed_text`, `numbers`, `rows`, then `pages`, `steps`, `last_time` (the page before them all) and `questionnaire` (the
pages in order, made at the start). `wording/` holds the words, `words` finds them; `about/` holds the pages about
needling, which ask nothing.
"""
