"""What the clinic does, without HTTP and without forms.

Read `clinic` (the rule books in force), then `patient`, `review`, `rules` and `keeping`, one folder for each person.
"""
