"""What a rule book is: frozen data that everything else reads, and that imports nothing of ours.

Read `vocabulary` (facts and answers) with `roles` and `calm`, `tree` (conditions), `levels`, `rulebook` (rules and
notes), then `decision` (what a book says of one intake).
"""
