"""What a consent sheet says, from intake/consent.yaml: the regions to be needled and the findings in, sentences out.

Read `table` (lines, and which of them hold), `read` (the file, and that every concept has its sentence or a reason),
`wording` (the clinic's own words, which can lose no risk).
"""
