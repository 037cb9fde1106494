"""The pages of staff.

Read `sign_in` over `accounts` (Flask-Security), `first_account`, `review` (one intake), `answering` (asking
back, entering answers), `queue` (the list and what was
not sent), `alarms` (on every page), `rules` (the rule book), `mail` (of a demonstration), `first_run` with its
`country_form` (the set-up). They share `signed_in` (who reads) and `words`; `filters` reads what a list is asked for,
`sheets` fits a review on paper.
"""
