"""The questionnaire on paper: printed with its routing as arrows, and typed in again by somebody who works here.

Read `routing` (when a question is put, in words), `sheet` (the whole form as plain data) and `printing` (as a PDF);
then `marks` (one part as it was typed) and `entry` (typed part by part, sent).
"""
