"""The shapes of other systems: the rule book out, day lists in; no Flask, no files; it knows the engine only.

Read `feel` (DMN's expressions), then `elm` (compiled CQL, made of `elm_nodes`) and `plan_definition` (FHIR, over the
expressions of `elm`); `day_lists` has a claim of its own.
"""
