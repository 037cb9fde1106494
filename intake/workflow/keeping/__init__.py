"""What keeps the clinic's data.

Read `accounts` and their `passwords`, `limits`, `guesses`, `backup` and its `manifest`, `upgrades`, `health`,
`retention`, `uptake`, then `first_run` and the `countries` that it offers; `messages` is what goes out to people.
"""
