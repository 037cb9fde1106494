"""The words of the questionnaire, by topic: questions, options, hints, reasons. Plain English, translated lazily."""
