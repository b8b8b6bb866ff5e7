"""The documents made from a built warehouse: the consolidated report (Word), its annexes and
the office's working file (workbooks), the progress page, the feedback for units.

`documents.py` lists them. Each has a `write_…` function from an open warehouse, the campaign and
`as_of` to a file, the same bytes each time. The texts that the office may edit are in `templates/`,
longer queries in `sql/`.
May import `expectations` and `sources`.
"""
