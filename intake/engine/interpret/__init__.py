"""The meaning: one intake read from the condition tree in three truth values. Every other reader is held to this one.

Read `truth`, then `judge` (what one rule says) and `body` (where); `evidence` over `explain` (which answers
decide) and `open_facts` (which still could) with `settling` (the fewest to ask), `contrast` (what would be different),
`words`.
"""
