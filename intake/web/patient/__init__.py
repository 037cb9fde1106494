"""The patient's pages.

Read `views` (routes), `journey` (where this patient stands), `pages` (what a page knows of them), `showing`, `summary`.
"""
