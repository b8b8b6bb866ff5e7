"""SQL in files: one query a file under `sql/`, named after what it returns, beside the module that
runs it.

Values are DuckDB's named parameters ($name). What no parameter can be, such as a table or column
that the form names, is filled in by Jinja, and only through a filter that declares its kind:

    {{ table | identifier }}    a name of a table or column, quoted
    {{ names | identifiers }}   several, with commas between them
    {{ code | literal }}        a text, quoted; for statements that take no parameters, such as CREATE VIEW
    {{ codes | literals }}      several, with commas between them; or pairs of them
    {{ took_place(s) | sql }}   an expression, as it stands: written in the form, or made by a function of ours

`{{ moment_format | literal }}` is how a moment is written for people, in every query.

A value without a filter is refused, so nothing can stand in a query unquoted by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import jinja2
from markupsafe import Markup

from sources.moments import MOMENT_FORMAT


class Unquoted(Exception):
    """A template prints a value without a filter; add one that declares its kind."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"{value!r} has no filter: identifier, identifiers, literal, literals or sql"
        )
        self.value = value


class SqlFiles:
    """The queries of one folder; `vocabulary` holds the names that all of its templates can use."""

    def __init__(self, folder: Path, vocabulary: dict[str, object] | None = None) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=True,  # only so that what a macro returns is known to be SQL
            finalize=_known_to_be_sql,
        )
        self._templates.globals |= {"moment_format": MOMENT_FORMAT, **(vocabulary or {})}
        self._templates.filters |= _FILTERS

    def query(self, name: str, /, **parts: object) -> str:
        """The text of `<name>.sql` with its parts filled in.

        Raises jinja2.TemplateNotFound, jinja2.UndefinedError for a part that is not given, and
        Unquoted.
        """
        return self._templates.get_template(f"{name}.sql").render(parts)


def identifier(name: str) -> Markup:
    """The name of a table or column, quoted."""
    return Markup('"' + name.replace('"', '""') + '"')


def literal(text: str) -> Markup:
    """The text as an SQL literal."""
    return Markup("'" + text.replace("'", "''") + "'")


def _identifiers(names: Iterable[str]) -> Markup:
    return Markup(", ").join(map(identifier, names))


def _literals(texts: Iterable[str | tuple[str, ...]]) -> Markup:
    return Markup(", ").join(
        literal(text) if isinstance(text, str) else Markup("({})").format(_literals(text))
        for text in texts
    )


def _known_to_be_sql(value: object) -> object:
    """Lets through what a filter or macro made; an `if` without `else` that does not hold prints
    nothing."""
    if isinstance(value, Markup | int | jinja2.Undefined):
        return value
    raise Unquoted(value)


_FILTERS = {
    "identifier": identifier,
    "identifiers": _identifiers,
    "literal": literal,
    "literals": _literals,
    "sql": Markup,
}
