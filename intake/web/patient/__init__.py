"""The patient's pages.

Read `views` and `ending` (routes), `journey` (where this patient stands, saving), `belonging` (whose page it is),
`pages` (what a page knows of them), `welcome` (the page of last time), `cards` with `care` (what must be said now),
`replies` (a word back), `showing` and `summary` (how forms and answers are shown), `about` (what there is to read of
needling); then `invited` with `visit` (an invitation's link, a slip) and `linked` (links to what comes after), both
with `tokens`; `moving` (another device), `copy` (what was sent, and correcting it) and `day` (the day of the visit).
`all_pages` puts them on one blueprint.
"""
