"""Rows in and out: one module a table, functions that take a connection; Core statements, no ORM.

Coded facts are stored as facts. Identity and free text are sealed per patient: destroying one key erases one person.

Read `schema` (what tables share) and `database` (what a transaction is), then
- the patient: `subjects` with `crypto`, `drafts`, `trail`, `alerts`; what is sent: `intakes`, with `name_index`,
  `firings`, `taken_back` and `archive` beside it;
- the practice: `queue` in the order of `ranks`, `lineages` (versions as one line of it), `reviews`, `closings`, `asks`,
  `reported` (what staff entered for patients), `staff`, `audit`, `tallies`;
- before the needle: `plans` (where it is to go), `consents` (what was signed);
- what is told to people outside: `outbox`;
- the ways to a form: `invitations`, `draft_keys`, `handovers`, `corrections`; to what comes after it: `links`; wrong
  birth dates are counted by `tries`;
- the clinic's day: `visits` with `visit_forms`, `matches` (who is one person), `day_lists` (files being checked),
  `devices` (tablets, and who sits at them), `day_answers` (asked on the day), `uptake` (begun, sent, left);
- after the needles: `treatments`, `check_ins`, `adverse_events`;
- the rules: `rulebooks`, `vocabularies`, `publications`;
- what keeps it all: `installation`, `keyring`, `files`, `hold`; `migrate` with `tables`; `copies`.
"""
