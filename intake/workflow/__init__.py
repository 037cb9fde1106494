"""What the clinic does, without HTTP and without forms.

Read `clinic` (what everything works with, and the rule book in force) and `looks` (who saw what), then `patient`,
`desk`, `review`, `rules` and `keeping`, one folder for each person.
"""
