"""The desk: the whole campaign in a browser, for an officer who knows no terminal.

    app.py       the application: its routes, what surrounds each request
    desk.py      what every page needs: the home, the campaign, accounts, sessions, the checker
    accounts.py  who may enter, with which password and role
    sessions.py  who has entered; one-time links
    guard.py     what surrounds each request: rights, forged requests, limits, headers
    checker.py   new files are checked within seconds, by `instant.py` in a process of its own
    one_file.py  what is known of one file; understood_files.py reads it again to show it
    place_links.py  the addresses of cells
    nights.py    a night that was started here, and how far it is
    record.py    who did what
    decision_forms.py, decision_words.py, effects.py
                 what can be decided by click, in words, and what it would change
    report_files.py, page_pictures.py, document_text.py
                 which documents may be downloaded; a document as pictures of its pages, or as text
    comparisons.py  two nights compared
    uploads.py, downloads.py
                 the bytes that a browser sends, and those that it saves
    pages/       one module a page, with the functions of the commands behind its buttons
    templates/   the pages, without which no script is needed to work; `static/` what they load

Whatever is done here, a command of `tonghop` does too, by the same functions and into the same
records.
"""
