"""The pages of a tablet in the waiting room: the patient's questions, each shown once, nothing left behind.

Read `blueprint` (whose tablet this is, what every answer does to the browser), `start` (enrol, begin, fetch a person),
`form` (the pages of the questionnaire) and `leaving` (idle, leave, clear, finish); `pages` has them all.
"""
