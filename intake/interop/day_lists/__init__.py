"""Day lists of other systems, CSV or iCalendar: bytes in, visits and open questions out.

Nothing is guessed silently: what was found is told, and what the file leaves open (which letters its bytes mean, which
number of a date is the day) is a question with its answers. A row that cannot be read is left out with the reason.
No cell is ever run: a formula is text, and a reason.

Read `reading` (what comes out), `letters` and `sheets` (bytes to cells), `columns` (which column is what), `dates`,
`calendars`, then `read`.
"""
