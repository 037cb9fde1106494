"""How a rule book comes into force, and what it did since.

Read `stages`, `publishing`, `comparing` (proofs and `replay` in one `change_report`; both need `extra`), then `verify`,
`history`, `sentinel`, `page` and `trial`.
"""
