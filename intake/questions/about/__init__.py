"""What patients may read before they decide: every sentence with the studies it rests on, from intake/about.yaml.

Read `pages` (what a page is), `read` (the file, and that no number stands without its source), `practitioners` (the
cards of those who needle here).
"""
