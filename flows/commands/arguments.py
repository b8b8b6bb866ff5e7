"""The words of a call as they were meant: commands are pasted from Word, which puts curly quotes,
non-breaking spaces and long dashes where a shell expects plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_SPACES = re.compile("[\u00a0\u2007\u202f]")
_CLOSING = {"“": "”", "„": "”", "‘": "’", "”": "”"}  # ”: some write the same mark twice
_OPENED = re.compile(r"(--[a-z][a-z-]*=)?([“„‘”])(.*)", re.DOTALL)
_DASHED = re.compile(r"[–—]{1,2}([a-z][a-z-]*(?:=.*)?)", re.DOTALL)
_SQL_PART = re.compile(r"'[^']*'|\"[^\"]*\"|[“”„]|[‘’]")


def plain_arguments(arguments: Sequence[str]) -> list[str]:
    """The arguments with plain spaces, without a pair of curly quotes around one, and with `--`
    before an option that a long dash stands before.

    What a shell has split between curly quotes is one argument again. Quotes within a text stay:
    they are the text's own.
    """
    spaced = [word for argument in arguments for word in _split(argument)]
    return [_undashed(argument) for argument in _unquoted(spaced)]


def plain_sql(query: str) -> str:
    """The query with straight quotes for curly ones, but for those within a quoted text."""

    def straight(found: re.Match[str]) -> str:
        part = found[0]
        return part if len(part) > 1 else "'" if part in "‘’" else '"'

    return _SQL_PART.sub(straight, query)


def _split(argument: str) -> Iterator[str]:
    """An option and its value, where only a non-breaking space stands between them; else the
    argument with plain spaces."""
    plain = _SPACES.sub(" ", argument)
    if plain == argument:
        yield argument
        return
    plain = plain.strip()
    if plain.startswith(("--", "–", "—")) and "=" not in plain.partition(" ")[0]:
        yield from plain.split(" ", 1)
    else:
        yield plain


def _unquoted(arguments: Sequence[str]) -> Iterator[str]:
    position = 0
    while position < len(arguments):
        taken, text = _quoted_text(arguments[position:])
        yield text
        position += taken


def _quoted_text(arguments: Sequence[str]) -> tuple[int, str]:
    """How many arguments the first quoted text takes, and the text; the first argument as it is
    where nothing is quoted."""
    opened = _OPENED.fullmatch(arguments[0])
    if not opened:
        return 1, arguments[0]
    closing = _CLOSING[opened[2]]
    text = opened[3]
    for taken in range(1, len(arguments) + 1):
        if taken > 1:
            text += f" {arguments[taken - 1]}"
        if closing in text:  # where another word follows the mark, the quote is the text's own
            return (
                (taken, (opened[1] or "") + text[:-1])
                if text.index(closing) == len(text) - 1
                else (1, arguments[0])
            )
    return 1, arguments[0]


def _undashed(argument: str) -> str:
    found = _DASHED.fullmatch(argument)
    return f"--{found[1]}" if found else argument
