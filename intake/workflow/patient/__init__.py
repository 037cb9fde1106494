"""What a patient does: answers, is told of danger at once, sends.

Read `interview` (which questions), `drafts` (what is kept), `releases` (what a new release asks anew), `alarms` (what
is told at once), `saving` (a page and its alarms, as one), `submit` with `withdrawn` (danger signs taken back), then
`unfinished` (what a practitioner sees of an intake that was not sent); `invitations` (the ways in) with `appointments`,
`last_time` (what is offered of the form before), `handover` (another device) with `word_list`, `corrections` (a new
version of what was sent), and `links` (to what comes after the form); `tablet` (a form on the clinic's tablet) with
`tablet_start` (how somebody sits down to it), `arrival` with `day_facts` (what is asked on the day of the visit) and
`paper` (the form on paper, typed in).
"""
