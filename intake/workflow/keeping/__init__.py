"""What keeps the clinic's data.

Read `accounts` and their `passwords`, `limits`, `guesses`, `backup` and its `manifest`, `health`, then `retention`.
"""
