"""The pages of the front desk: no answer, tier or finding stands on any of them.

Read `blueprint`, `views` (the day, one visit) with `visit_form`, `invite_views` (its form) and `day_views` (checking
in, the questions of the day), `list_views` (a day list), `people_views` (one person or two) and `tablet_views`; `words`
and `list_words` hold what they may say.
"""
