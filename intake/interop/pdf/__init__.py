"""Printed pages: plain data set by a template of ours into a tagged PDF, with fonts of ours; nothing else is read.

Read `typesetting`, then the templates beside it (`*.typ`). Data is read as data: no name and no question is ever
mark-up, no address is ever fetched, and equal data gives equal bytes.
"""
