"""The processes that a night starts, and how it talks to them.

Every child answers lines of JSON, one for each question, and ends with the process that started it
(`orphans.py`). Those that open strangers' files are confined (`confined.py`, `kernel_lock.py`) and
know no credentials. `reading.py` reads many contents in readers that `reading_server.py` starts and
`reading_child.py` is. The night's writer (flows/writing) and the marker of returned files
(warehouse/reports/feedback) are children of the same kind. Imported by all rooms above.
"""
