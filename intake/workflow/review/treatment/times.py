"""When a patient is asked how it went: from the second day after the needles on, until the third is over.

A collapsed lung can show up to two days later (Health Quality Council of Alberta 2014), so that asking on the first day
would be too early to hear of it; after three days nobody is asked any more.
"""

from __future__ import annotations

from datetime import timedelta

ASK_AFTER = timedelta(hours=48)
ASK_UNTIL = timedelta(hours=72)
