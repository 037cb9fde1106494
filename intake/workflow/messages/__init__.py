"""What leaves the clinic: alarms for whoever is on duty. No message holds an answer, a finding or a patient's name.

A message is written to the outbox in the transaction of what it tells, and sent at least once. Read `alarms` (what is
told, when, and again), `words`, `courier` (one round of sending), then the ways out: `smtp`, `webhook`, `catcher`;
`stuck` is what does not get out.
"""
