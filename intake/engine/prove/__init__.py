"""What holds of a rule book for every patient that there could be. z3 lives here only.

Read `encoder` (conditions as formulas), `formulas` and `label` (levels and labels as formulas), `search`, then one file
a kind of proof: `refute`, `monotone`, `mutants`, `compare`, `losses`, and `exact` over `classes` and `diagram`.
`proofs` runs all that hold of one book.
"""
