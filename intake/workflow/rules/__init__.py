"""How a rule book comes into force, and what it did since.

Read `stages`, `publishing`, `comparing`, `replay`, `verify`, then `page`, `trial` and `sentinel`.
"""
