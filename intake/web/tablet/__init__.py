"""The pages of a tablet in the waiting room: the patient's questions, each shown once, nothing left behind.

Read `blueprint` (whose tablet this is, what every answer does to the browser), `enrolling`, `start` (begin, go on by a
code, fetch a person), `form` (the pages of the questionnaire), `day` (the questions of the day), `moving` (on to the
phone) and `leaving` (idle, leave, clear, finish); `pages` has them all.
"""
