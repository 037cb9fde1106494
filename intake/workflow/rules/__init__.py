"""How a rule book comes into force, and what it did since.

Read `stages`, `publishing`, `comparing` (proofs and `replay` in one `change_report`; both need `extra`), then `verify`,
`history`, `sentinel`, `page` and `trial`; `frequencies` and `triage_rate` ask how many ordinary patients it would stop.
"""
