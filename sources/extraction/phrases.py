"""The form's phrases as patterns: `{k} <cells> [done] <hold>` matches `17/18 chi bộ (đạt 94,4%) đã
tổ chức sinh hoạt`.

The language of phrases, each part but the first with the white space before it:

{n}      a count             {k}  a count, or a part of its whole (17/18)      {w}  a part that is the whole (18/18)
{+}      a count that adds to the others of its kind in the paragraph (15 tin, 04 bài, 36 lượt)
{*}      any number, which is not the phrase's own     {%}  a share
<a|b>    one of these        [a|b]  one of these or none                       !<a|b>  none of these
^        the phrase begins a clause (what stands in `phrases_after` does so always)
~        up to six words without a number                $    the end of a clause
A name of [prose.groups] stands for its words. Behind a noun a share may stand in between: `(đạt
94,4%)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section

_WHOLE = r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)"
_END = r"(?![\d%]|[.,]\d|\s*%)"
_COUNT = rf"{_WHOLE}{_END}(?!\s*/\s*\d)"
_PART = rf"{_WHOLE}/{_WHOLE}{_END}"
_NUMBERS = {
    "{n}": rf"(?P<n>{_COUNT})",
    "{+}": rf"(?P<n>{_COUNT})",
    "{k}": rf"(?P<n>{_PART}|{_COUNT})",
    "{w}": rf"(?P<n>(?P<part>{_WHOLE})/(?P=part){_END})",
    "{*}": rf"(?:{_PART}|{_COUNT})",
    "{%}": r"\d+(?:,\d+)?\s*%",
}
_TOKEN = re.compile(r"(\{[nkw+*%]\}|!?<[^>]*>|\[[^\]]*\]|~|\$)")
_SIGNS = re.compile(r"[<>\[\]{}]")
_SHARE = r"(?:\s*,?\s*\(?\s*(?:(?:đạt|chiếm|bằng|tỷ lệ|tỉ lệ|=)\s*)*\d+(?:,\d+)?\s*%\s*\)?\s*,?)?"
_BRACKET = r"(?:\s*\([^()]{0,120}\))?"
_SPACE = rf"(?:{_SHARE}|{_BRACKET})\s+"
_LINK = r"\s*(?:[:=]|[-–](?=\s)|(?:là|có|đạt|được)(?!\w)\s*:?)?\s*"
_GAP = r"(?:\s+[^\s\d,;.:()]+){0,6}?"
_CLAUSE_END = r"(?=\s*(?:[,;.()]|và(?!\w)|còn(?!\w)|$))"


class Phrase(NamedTuple):
    """A pattern whose group `n` is a field's count.

    source    the pattern, compiled when it is first needed
    needs     words of which a text that it matches holds at least one: a cheap check before
    adds      counts that it matches add up
    follows   the noun that must have been spoken of before
    is_label  it is the field's label, with its count behind it
    opens     it begins a clause
    """

    section: Section
    field: FormField
    source: str
    needs: tuple[str, ...]
    adds: bool = False
    follows: str | None = None
    is_label: bool = False
    opens: bool = False

    def matches(self, said: str) -> Iterator[re.Match[str]]:
        """All places of a text (`normalize`) where the phrase stands."""
        return (
            _compiled(self.source).finditer(said)
            if any([word in said for word in self.needs])
            else iter(())
        )


class Claim(NamedTuple):
    """A sentence about a field without a number; `of_all`: it says that its whole is its value."""

    section: Section
    field: FormField
    source: str
    needs: tuple[str, ...]
    of_all: bool

    def match(self, said: str) -> re.Match[str] | None:
        """The first place of a text (`normalize`) where the claim stands."""
        return (
            _compiled(self.source).search(said)
            if any(word in said for word in self.needs)
            else None
        )


@lru_cache(maxsize=4)
def phrases_of(vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """All phrases of the sections of pairs, and their labels as phrases: `số đảng viên dự sinh hoạt
    là 330`."""
    groups = vocabulary.campaign.form.prose.groups
    found: list[Phrase] = []
    for labels in vocabulary.pair_labels:
        for field in labels.section.fields:
            if field.type != "count":
                continue
            found.extend(
                _phrase(labels.section, field, text, groups, None) for text in field.phrases
            )
            found.extend(
                _phrase(labels.section, field, text, groups, field.phrases_follow)
                for text in field.phrases_after
            )
            found.extend(
                _label_phrase(labels.section, field, label, groups)
                for label in field.labels
                if not field.phrases_follow or (field.unit_word or "") in label.casefold()
            )
    return tuple(found)


@lru_cache(maxsize=4)
def claims_of(vocabulary: Vocabulary) -> tuple[Claim, ...]:
    """The phrases that speak of all, of none or of a rest, without a number."""
    groups = vocabulary.campaign.form.prose.groups
    return tuple(
        Claim(labels.section, field, phrase_pattern(text, groups), _needs(text, groups), clear)
        for labels in vocabulary.pair_labels
        for field in labels.section.fields
        for texts, clear in ((field.phrases_all, True), (field.phrases_unclear, False))
        for text in texts
    )


def _phrase(
    section: Section,
    field: FormField,
    text: str,
    groups: Mapping[str, tuple[str, ...]],
    follows: str | None,
) -> Phrase:
    opens = text.startswith("^") or follows is not None
    text = text.lstrip("^ ")
    return Phrase(
        section,
        field,
        phrase_pattern(text, groups),
        _needs(text, groups),
        "{+}" in text,
        follows,
        opens=opens,
    )


def _label_phrase(
    section: Section, field: FormField, label: str, groups: Mapping[str, tuple[str, ...]]
) -> Phrase:
    wholes = {other.limit for other in section.fields}
    stem = re.escape(label.casefold()).replace(r"\ ", r"\s+")
    stem = (
        re.sub(r"^(?:tổng\\s\+)?số\\s\+", r"(?:tổng\\s+)?số\\s+", stem)
        if field.key not in wholes
        else stem
    )
    suffix = f"(?:\\s+(?:{_any(groups.get('everywhere', ()), groups)}))*"
    number = _NUMBERS["{n}" if field.key in wholes else "{k}"]
    source = rf"(?<!\w){stem}(?!\w){suffix}{_BRACKET}{_LINK}{number}"
    return Phrase(section, field, source, (label.casefold().split()[-1],), is_label=True)


def _needs(text: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words of that part of a phrase which has the fewest, each without what may be spaced
    otherwise."""
    parts = [part.strip() for part in _TOKEN.split(text) if part.strip()]
    choices = [_texts(part[1:-1].split("|"), groups) for part in parts if part[0] == "<"]
    choices += [[part] for part in parts if part[0].isalnum()]
    best = min(choices, key=lambda texts: (len(texts), -min(map(len, texts))))
    return tuple(dict.fromkeys(text.split(",")[0].split()[0] for text in best))


def _texts(names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [text for name in names for text in groups.get(name.strip(), (name.strip(),))]


def compile_phrases(vocabulary: Vocabulary) -> None:
    """Compiles all phrases that count, which else happens when a text first needs one."""
    for phrase in phrases_of(vocabulary):
        _compiled(phrase.source)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def phrase_problem(text: str, groups: Mapping[str, tuple[str, ...]], has_count: bool) -> str | None:
    """Why a phrase is not in the language above, or has no count though it should; None where all
    is well."""
    text = text.lstrip("^ ")
    if left := _SIGNS.search(_TOKEN.sub(" ", text)):
        return f"{left.group()} is not closed, or no number of that kind is known"
    try:
        pattern = re.compile(phrase_pattern(text, groups))
        _needs(text, groups)
    except (ValueError, IndexError, re.error):
        return "it begins with a word or a number, and has a word and at most one count"
    if has_count and "n" not in pattern.groupindex:
        return "it has no count; write {n}, {k}, {w} or {+} where the number stands"
    return None


def phrase_pattern(text: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    """A phrase as a regular expression; ValueError for one that is not in the language above."""
    parts = [part.strip() for part in _TOKEN.split(text) if part.strip()]
    if not parts or parts[0][0] in "[!~":
        raise ValueError(f"a phrase begins with a word or a number: {text}")
    return r"(?<![\w/.,])" + "".join(_part(part, groups, n == 0) for n, part in enumerate(parts))


def _part(part: str, groups: Mapping[str, tuple[str, ...]], first: bool) -> str:
    space = "" if first else _SPACE
    if part in _NUMBERS:
        return ("" if first else _LINK) + _NUMBERS[part]
    if part == "~":
        return _GAP
    if part == "$":
        return _CLAUSE_END
    if part[0] == "[":
        return rf"(?:{space}(?:{_any(part[1:-1].split('|'), groups)})(?!\w))?"
    if part[0] == "!":
        return rf"(?!{_SHARE}\s*(?:{_any(part[2:-1].split('|'), groups)})(?!\w))"
    if part[0] == "<":
        return rf"{space}(?:{_any(part[1:-1].split('|'), groups)})(?!\w)"
    punctuation = part[0] in ",():"
    return (
        (r"\s*" if punctuation or first else space)
        + _literal(part)
        + ("" if part[-1] in ",():" else r"(?!\w)")
    )


def _any(names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> str:
    texts = sorted(_texts(names, groups), key=len, reverse=True)
    return "|".join(_literal(text) for text in texts) or "(?!)"


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\ ", r"\s+").replace(",", r"\s*,")
