"""What patients may read before they decide, and after the needles: every sentence with the studies it rests on.

Read `pages` (what a page is), `read` (the file, and that no number stands without its source), `practitioners` (the
cards of those who needle here), `aftercare` (what to know after the needles).
"""
