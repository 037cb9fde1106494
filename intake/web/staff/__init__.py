"""The pages of staff.

Read `sign_in` over `accounts` (Flask-Security), `first_account`, `review` (one intake), `queue` (the list and what was
not sent), `rules` (the rule book); `sheets` and `filters` are what `review` and `queue` show.
"""
