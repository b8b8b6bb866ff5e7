"""The processes that a night starts, and how it talks to them.

Every child answers lines of JSON (`line_child.py`) and ends with its parent (`orphans.py`). Those
that open untrusted files are confined (`confined.py`, `kernel_lock.py`) and know no credentials.
`reading.py` reads many contents in readers, which `reading_server.py` starts and `reading_child.py`
is: their questions carry an opened file each, so these go over a socket; their answers are the same
lines, held against a schema (`answers.py`). The other children are files beside what they do:
flows/writing/child.py, warehouse/reports/feedback/marking_child.py, sources/channels/mail_child.py.
"""
