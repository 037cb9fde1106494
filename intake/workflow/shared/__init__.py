"""What everybody's work stands on.

Read `clinic` (what all work with, and the rule book in force), `duty` (who is told of alarms), `looks` (who saw what);
`letters` (mails to patients) and `birth_date` (what opens a link).
"""
