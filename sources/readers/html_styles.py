"""The styles of a web page, as far as they change what is read: hidden, struck out, raised, fonts,
formats of numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from sources.readers.refusals import broken

Style = dict[str, str]

_PROPERTIES = (
    "display",
    "visibility",
    "mso-hide",
    "font",
    "font-family",
    "font-size",
    "font-weight",
    "color",
    "background",
    "background-color",
    "text-decoration",
    "text-decoration-line",
    "vertical-align",
    "mso-number-format",
    "mso-element",
    "mso-special-character",
    "mso-ignore",
    "mso-footnote-id",
    "mso-endnote-id",
    "white-space",
)
_DECLARATION = re.compile(r"""([\w-]{1,40})\s*:\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^;"'])*)""")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)", re.I)
_MAX_RULES = 5_000
_ONLY_PRINTED = re.compile(r"@media[^{]*\bprint\b", re.I)
_SEEN_MEDIA = re.compile(r"\b(?:screen|all)\b", re.I)


class _Compound(NamedTuple):
    tag: str
    classes: frozenset[str]
    id: str


class _Rule(NamedTuple):
    weight: tuple[int, int, int, int]  # ids, classes, tags, place
    chain: tuple[_Compound, ...]
    style: Style


def parse_declarations(text: str) -> Style:
    """The declarations that matter, by their names in small letters."""
    found = {}
    for name, value in _DECLARATION.findall(text):
        if name.lower() in _PROPERTIES:
            found[name.lower()] = value.replace("!important", "").strip()
    return found


class StyleSheet:
    """The rules of a page's style sheets; selectors that look at more than names are passed over."""

    def __init__(self, sheets: list[str]) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._count = 0
        for sheet in sheets:
            self._add(_COMMENT.sub("", sheet))

    def style_of(self, element: etree._Element, own: str) -> Style:
        """The element's style, its own declarations over those of the rules."""
        tag, classes, name = _names(element)
        rules = [
            rule
            for key in (tag, *(f".{c}" for c in classes), f"#{name}", "*")
            for rule in self._rules.get(key, ())
            if _matches(element, rule.chain)
        ]
        style: Style = {}
        for rule in sorted(rules, key=lambda rule: rule.weight):
            style.update(rule.style)
        if own:
            style.update(parse_declarations(own))
        return style

    def _add(self, sheet: str) -> None:
        skipping = 0  # depth of blocks that only a printer shows
        depth = 0
        for piece in sheet.split("}"):
            *outer, selector, body = ["", *piece.split("{")][-3:] if "{" in piece else ["", "", ""]
            opened = piece.count("{")
            for block in outer:
                if _ONLY_PRINTED.search(block) and not _SEEN_MEDIA.search(block):
                    skipping = skipping or depth + 1
            depth += opened
            if opened and not skipping and "@" not in selector:
                self._add_rule(selector, parse_declarations(body))
            depth = max(depth - 1, 0)
            if skipping and depth < skipping:
                skipping = 0

    def _add_rule(self, selectors: str, style: Style) -> None:
        if not style:
            return
        for selector in selectors.lower().split(","):
            chain = [_compound(part) for part in selector.replace(">", " ").split()]
            if not chain or any(part is None for part in chain):
                continue
            self._count += 1
            if self._count > _MAX_RULES:
                raise broken()
            parts = tuple(part for part in chain if part is not None)
            weight = (
                sum(bool(p.id) for p in parts),
                sum(len(p.classes) for p in parts),
                sum(bool(p.tag) for p in parts),
                self._count,
            )
            last = parts[-1]
            key = f"#{last.id}" if last.id else next((f".{c}" for c in last.classes), last.tag)
            self._rules.setdefault(key or "*", []).append(_Rule(weight, parts, style))


def _compound(text: str) -> _Compound | None:
    match = _COMPOUND.fullmatch(text)
    if match is None:
        return None
    marks = re.findall(r"([.#])([\w-]+)", match[2])
    return _Compound(
        (match[1] or "").strip("*"),
        frozenset(name for mark, name in marks if mark == "."),
        next((name for mark, name in marks if mark == "#"), ""),
    )


def _names(element: etree._Element) -> tuple[str, frozenset[str], str]:
    tag = element.tag if isinstance(element.tag, str) else ""
    classes = frozenset((element.get("class") or "").lower().split())
    return tag.lower(), classes, (element.get("id") or "").lower()


def _is_one(element: etree._Element, compound: _Compound) -> bool:
    tag, classes, name = _names(element)
    return (
        (not compound.tag or compound.tag == tag)
        and compound.classes <= classes
        and (not compound.id or compound.id == name)
    )


def _matches(element: etree._Element, chain: tuple[_Compound, ...]) -> bool:
    if not _is_one(element, chain[-1]):
        return False
    rest = list(chain[:-1])
    for ancestor in element.iterancestors() if rest else ():
        if _is_one(ancestor, rest[-1]):
            rest.pop()
            if not rest:
                return True
    return not rest
