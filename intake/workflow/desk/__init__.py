"""What the front desk does: keeps the day's visits, imports day lists, sees who is one person.

It knows who comes and how far the form is, never what it says. Read `identity` (when two records may be one person),
`records` (found again) and `people` (who was joined to whom), `visits` (plan, move, arrive) with `day`, `invitations`
(ways to the form, taken back), `consent` (given or
not), then `day_list` (what a file would do) and `imports` (a file from arrival to end).
"""
