"""What holds of a rule book for every patient that there could be. z3 lives here only.

Read `encoder` (conditions as formulas), `formulas` (levels as formulas), `search`, then one file a kind of proof;
`proofs` runs all.
"""
