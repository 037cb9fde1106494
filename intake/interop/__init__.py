"""The rule book in the shapes of other systems: dicts out; no Flask, no files; it knows the engine only.

Read `feel` (DMN's expressions), then `elm` (compiled CQL, made of `elm_nodes`) and `plan_definition` (FHIR, over the
expressions of `elm`).
"""
