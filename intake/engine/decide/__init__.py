"""One intake and one rule book make a decision, with each rule's truth compiled to readable Python.

Read `decide`, then `generate` and `expressions`; `outcome` is it as JSON, `applying` the questions that apply.
"""
