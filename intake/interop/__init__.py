"""The shapes of other systems: the rule book out, day lists in, pages to print; no Flask; it knows the engine only.

Read `feel` (DMN's expressions), then `elm` (compiled CQL, made of `elm_nodes`) and `plan_definition` (FHIR, over the
expressions of `elm`); `day_lists` and `pdf` have claims of their own. No file is read but the templates of `pdf`.
"""
