"""What keeps the clinic's data.

Read `accounts` and their `passwords`, `backup`, then `retention`.
"""
