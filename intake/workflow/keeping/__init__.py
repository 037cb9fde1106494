"""What keeps the clinic's data.

Read `accounts` and their `passwords`, `limits`, `guesses`, `backup`, then `retention`.
"""
