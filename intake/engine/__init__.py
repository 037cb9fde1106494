"""Rules over facts: pure, without Flask, database or clock.

Read `book` (what a rule book is), `interpret` (what it means), `read` (YAML to book), `decide` (one intake); then
`replay` (many intakes) and `prove` (all patients).
"""
