"""The patient's pages.

Read `views` (routes), `journey` (where this patient stands, saving), `pages` (what a page knows of them), `care` (the
care card), `showing` and `summary` (how forms and answers are shown).
"""
