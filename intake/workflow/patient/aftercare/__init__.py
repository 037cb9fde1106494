"""What a patient reads and is asked after the needles, each behind a link and the birth date.

Read `handed` (what the words after the needles are fitted to), `answers` (what is asked again, and what is known from
the treatment), `check_in` (asking by letter, once, and beginning to answer), then `course` (how it went from one form
to the next).
"""
