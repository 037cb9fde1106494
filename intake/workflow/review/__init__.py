"""What a practitioner does with an intake: finds it, reads why, decides, closes what it asks for.

Read `queue` with `unsent` and `search` (who waits) and `people` (who reads, and whom); `folding` and `standing` (a
decision as few cards, and its place in the queue); `lineage` with `held` and `held_line` (all versions as one line, and
what older ones hold open); `intake` over `intake_view` (one intake, read as a `dossier`), made of `changed`, `decided`,
`findings` with `explanation`, `safety`, `signs`, `story`, `older`, `beside` and `since`; `vanished` and `scores` (one
form beside the one before); then `verdicts` with `outcomes`, `closing` and `alarms`; what goes back to the patient:
`reply`, `asking`, `links` with `letters`; `consent` (to what, and whether it stands) and `treatment` (what was done).
"""
