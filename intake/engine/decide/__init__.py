"""One intake and one rule book make a decision; each rule's truth is compiled to readable Python, and nothing else is.

Read `decide`, then `compiled` and `expressions`; `outcome` is it as JSON with its evidence, `applying` the questions
that apply. What a decision means is `interpret`: tests hold the compiled form to it.
"""
