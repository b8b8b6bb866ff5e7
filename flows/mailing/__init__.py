"""Mail that goes out: the server (`server.py`), what is sent once and kept on record (`post.py`)
or waits as a file for a person to send it (`pending.py`), and the messages: reminders to units
(`reminders.py`), a word to officers after each night or when one failed (`bulletins.py`).

The words themselves are in warehouse/reports/notices.py and its templates.
"""
