"""What keeps the clinic's data.

Read `accounts` and their `passwords`, `backup` and its `manifest`, `health`, then `retention`.
"""
