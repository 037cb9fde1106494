"""What a practitioner does with an intake: finds it, reads why, decides.

Read `queue`, `folding`, `findings`, `intake`, then `verdicts`.
"""
