"""The words of an rtf by what they do; all others change nothing that is read."""

from __future__ import annotations

CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "softline": "\n",
    "page": "\n",
    "column": "\n",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
# Looks of letters; a tracked change's deleted and moved letters are not read.
LOOKS = {
    "strike": "struck",
    "striked": "struck",
    "v": "hidden",
    "super": "raised",
    "sub": "raised",
    "up": "raised",
    "dn": "raised",
    "deleted": "deleted",
    "mvf": "deleted",
}
HEADERS = ("header", "headerf", "headerl", "headerr")
BOXES = ("shptxt", "dptxbxtext")
COMMENT = "annotation"
# Groups of a target of their own, and what they are called here.
TARGETS = {
    "fonttbl": "fonts",
    "colortbl": "colours",
    "stylesheet": "styles",
    "fldinst": "instruction",
    "nesttableprops": "nested",
    "upr": "upr",
}
READ_THOUGH_OPTIONAL = frozenset(
    ("fldinst", "formfield", "nesttableprops", "shpinst", "do", "shptxt", "ud", COMMENT)
)
# Groups that hold no text of the document: pictures, notes, footers, numbers that programs count
# themselves (as in a Word file), and what shows a shape to old programs.
IGNORED = frozenset(
    (
        "atrfend",
        "atrfstart",
        "atnauthor",
        "atnid",
        "author",
        "comment",
        "datafield",
        "datastore",
        "filetbl",
        "fchars",
        "footer",
        "footerf",
        "footerl",
        "footerr",
        "footnote",
        "ftncn",
        "ftnsep",
        "ftnsepc",
        "aftncn",
        "aftnsep",
        "aftnsepc",
        "generator",
        "info",
        "keywords",
        "lchars",
        "listoverridetable",
        "listtable",
        "listtext",
        "nonesttables",
        "nonshppict",
        "objclass",
        "objdata",
        "objname",
        "operator",
        "picprop",
        "pict",
        "pntext",
        "pntxta",
        "pntxtb",
        "private",
        "revtbl",
        "rsidtbl",
        "rxe",
        "shprslt",
        "sp",
        "stylerestrictions",
        "tc",
        "tcn",
        "themedata",
        "title",
        "userprops",
        "xe",
    )
)
