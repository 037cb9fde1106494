"""Consent to needling: where it is to go, what can happen there, signed at the visit after talking, taken back at will.

Read `planning` (the regions), `sheets` (the text of one intake), `standing` (none, given, withdrawn or void: computed
at each look), `opening` (a sheet with its key), `signing` with `signatures` (both signatures, the copy),
`taking_back`, `document` (what is kept and handed over), `verify` (that nothing of it was changed).
"""
