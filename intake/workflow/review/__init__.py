"""What a practitioner does with an intake: finds it, reads why, decides.

Read `queue` with `unsent`, `folding`, `findings`, `intake`, then `verdicts`.
"""
