"""What the clinic does, without HTTP and without forms.

Read `shared` (what everything works with), then `patient`, `desk`, `review`, `rules` and `keeping`, one folder for each
person; what goes out to people is `keeping.messages`.
"""
