"""What a practitioner does with an intake: finds it, reads why, decides, closes what it asks for.

Read `queue` with `unsent` and `search` (who waits) and `people` (who reads, and whom); `folding` and `standing` (a
decision as few cards, and its place in the queue); `intake` over `intake_view` (one intake), made of `findings` with
`explanation`, `signs`, `safety`, `story` and `beside`; then `verdicts` with `outcomes`, `closing`
and `alarms`; `links` with `letters` (what a patient is given a link to); `consent`
(to what, and whether it stands).
"""
