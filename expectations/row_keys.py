"""The key by which rows are compared: one name for one party cell, village or organisation, however
it is spelled.

`CB thôn Cầu Cao`, `Chi bộ  thôn CẦU CAO.` and `Chi bộ thôn Cầu Cao` are one. Accents count: Hạ and
Hà are two villages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import duckdb

MACRO = "row_key"
# Where the tone of these stands is a habit of typing: hoà and hòa, thuỷ and thủy are one word.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_PLACES = {
    unicodedata.normalize("NFC", f"{first}{second}{tone}"): unicodedata.normalize(
        "NFC", f"{first}{tone}{second}"
    )
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}


def define_row_key(con: duckdb.DuckDBPyConnection, abbreviations: Mapping[str, str]) -> None:
    """Defines the SQL macro `row_key(name)`; NULL of a name that is NULL or holds no letter or
    digit.

    abbreviations  what each stands for, from the form's [words]
    """
    con.execute(
        f"CREATE OR REPLACE TEMP MACRO {MACRO}(name) AS {row_key_sql('name', abbreviations)}"
    )


def row_key_sql(name: str, abbreviations: Mapping[str, str]) -> str:
    """SQL for the key of the SQL expression `name`: NFC, small letters, single spaces,
    abbreviations written out."""
    sql = f"lower(nfc_normalize({name}))"
    for old, new in _TONE_PLACES.items():
        sql = f"replace({sql}, '{old}', '{new}')"
    sql = rf"' ' || regexp_replace({sql}, '[^\p{{L}}\p{{N}}&]+', '  ', 'g') || ' '"
    for short, full in sorted(abbreviations.items()):
        sql = f"replace({sql}, ' {_quoted(short)} ', ' {_quoted(full)} ')"
    return rf"nullif(trim(regexp_replace({sql}, '\s+', ' ', 'g')), '')"


def _quoted(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().replace("'", "''")
