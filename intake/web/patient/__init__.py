"""The patient's pages. Read `views` (routes), `journey` (where this patient stands), `questionnaire`, `summary`."""
