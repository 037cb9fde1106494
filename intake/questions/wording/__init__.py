"""The words of the questionnaire, by topic: questions, options, hints, reasons. Plain English, translated lazily.

`question` says what a question holds, `translation` reads it in the language of a request, `short` has names for
practitioners.
"""
