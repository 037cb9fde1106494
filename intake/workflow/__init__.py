"""What the clinic does, without HTTP and without forms.

Read `clinic` (what everything works with, and the rule book in force), `duty` (who is told of alarms) and `looks` (who
saw what), then `patient`, `desk`, `review`, `rules` and `keeping`, one folder for each person, and `messages`;
`paper` is over them all.
"""
