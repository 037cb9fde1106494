"""Rows in and out: one module a table, functions that take a connection; Core statements, no ORM.

Coded facts are stored as facts. Identity and free text are sealed per patient (`crypto`): destroying one key erases
one person.
"""
