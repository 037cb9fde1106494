"""What a patient does: answers, is told of danger at once, sends.

Read `interview` (which questions), `drafts` (what is kept), `releases`, `submit`, `alarms` (what is told at once),
`saving` (a page and its alarms, as one).
"""
