"""The pages of staff. Read `accounts` (sign-in), `review` (the queue and one intake), `rules` (the rule book)."""
