"""What a practitioner does with an intake: finds it, reads why, decides, closes what it asks for.

Read `queue` with `unsent` and `search`, `folding`, `standing`, `findings`, `signs`, `intake`, then
`verdicts` and `closing`.
"""
