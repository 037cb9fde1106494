"""The pages of the front desk: no answer, tier or finding stands on any of them.

Read `blueprint`, `views` (the day, one visit) with `visit_form`, `list_views` (a day list) and `people_views` (one
person or two); `words` and `list_words` hold what they may say.
"""
