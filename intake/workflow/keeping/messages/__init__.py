"""What leaves the clinic: alarms for whoever is on duty, invitations for patients; never an answer or a finding.

A message is written to the outbox in the transaction of what it tells, and sent at least once. Read `alarms` (what is
told, when, and again), `words`, `letters` (an invitation's mail), `courier` (one round of sending), then the ways out:
`smtp`, `webhook`, `catcher`; `stuck` is what does not get out.
"""
