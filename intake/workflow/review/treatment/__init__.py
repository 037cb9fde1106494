"""What was done at a visit, and what came of it: recorded by a practitioner, never rewritten.

Read `record` (the line about a treatment, and what it lacks), `shown` (all of it as the review page shows it), then
`events` (adverse events) with `case` (the failing case for the rule that should have warned), `sending` and `leaflet`
(what the patient takes home), `asked` (all check-ins), `times` (when a patient is asked how it went).
"""
