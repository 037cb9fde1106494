"""The meaning: one intake read from the condition tree in three truth values. Every other reader is held to this one.

Read `truth`, then `explain` (which answers decide), `contrast` (what would be different), `body` (where), `words`.
"""
