"""The last step of extraction: people's names and numbers hidden in every text that it yields,
before one is kept.

No one may learn from a report who is a Party member. All texts pass here, so that no reader can
forget it; what is hidden is a finding at its place, which does not repeat it; no counted value is
lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from sources.campaigns import Campaign
from sources.extraction.extract_builder import shorten
from sources.extraction.facts import Extract, Fact, ReadFinding
from sources.extraction.people import MIN_NAME_LETTERS, hide_names
from sources.extraction.personal_numbers import MIN_PRIVATE_DIGITS, is_private_number
from sources.legacy_encodings import (
    decode_tcvn3,
    decode_tcvn3_capitals,
    decode_vni,
    may_be_legacy,
    sense,
)
from sources.text import clean, visible

RULE = "personal_names_skipped"
_QUOTED = re.compile("(?<=“)([^”]*)(?=”)")
MESSAGE = (
    "Chỗ này ghi tên người hoặc thông tin riêng của người (điện thoại, giấy tờ, ngày sinh, tài khoản, "
    "thư điện tử): không được lưu, không được in (thay bằng “…”). Báo cáo không cần; đề nghị bỏ đi."
)


def without_names(extract: Extract, campaign: Campaign) -> Extract:
    """The extract, changed in place: names of people hidden, characters that would act written out
    (`visible`).

    Rows or sheets that get the same name by it are numbered from the second on, so that none is
    lost.
    """
    return _NameMasker(extract, campaign).masked()


class _NameMasker:
    """Hides names in one extract, and remembers where it did."""

    def __init__(self, extract: Extract, campaign: Campaign) -> None:
        self._extract, self._titles = extract, campaign.form.words.name_titles
        self._row_names = {(s.key, key) for s in campaign.form.tables for key in s.row_key}
        self._texts = {
            (s.key, f.key) for s in campaign.form.sections for f in s.fields if f.type == "text"
        }
        self._fields_with_names = {key for _, key in self._texts | self._row_names}
        self._fields_with_digits = {
            (s.key, f.key)
            for s in campaign.form.sections
            for f in s.fields
            if f.type in ("count", "date")
        }
        self._kept_as_is: set[str] = set()
        self._sheets: dict[str, str] = {}
        self._names_by_masked: dict[tuple[str, str], list[str]] = {}
        self._places: dict[tuple[str | None, str | None], tuple[str | None, int | None]] = {}

    def masked(self) -> Extract:
        """The extract with all its texts as they may be kept."""
        extract = self._extract
        named, kept_as_is, sheets = self._fields_with_names, self._kept_as_is, self._sheets
        # nearly all: a mark, a number, a date
        extract.facts = [
            fact
            if fact.field not in named
            and (
                fact.raw in kept_as_is
                or (fact.raw.isdigit() and len(fact.raw) < MIN_PRIVATE_DIGITS)
            )
            and sheets.get(fact.sheet) == fact.sheet
            else self._fact(fact)
            for fact in extract.facts
        ]
        extract.findings = [self._finding(finding) for finding in extract.findings]
        extract.account = [
            run
            if sheets.get(run.sheet) == run.sheet
            else run._replace(sheet=self._sheet(run.sheet))
            for run in extract.account
        ]
        extract.readings = [
            reading._replace(sheet=self._sheets.get(reading.sheet) or self._sheet(reading.sheet))
            for reading in extract.readings
        ]
        self._rest(extract)
        extract.findings += self._findings_of_masked()
        return extract

    def _fact(self, fact: Fact) -> Fact:
        section, row, field, value, raw, sheet, cell = fact
        key = section, field
        if (
            len(raw) < MIN_PRIVATE_DIGITS
            and raw.isprintable()
            and (len(raw) < MIN_NAME_LETTERS or _has_no_words(raw))
        ):
            self._kept_as_is.add(raw)
        else:
            read = value if key in self._texts and value != raw else None
            kept_as_is, hidden = _masked(raw, read, self._titles, key in self._row_names)
            if kept_as_is == raw and field not in self._fields_with_names:
                self._kept_as_is.add(raw)
            elif (
                key in self._fields_with_digits
                and _has_no_words(raw)
                and not (value is None and is_private_number(raw))
            ):
                kept_as_is, hidden = raw, False
            raw = kept_as_is
            if hidden:
                self._places.setdefault((sheet, cell), (section, row or None))
        if value and key in self._texts and (value != raw or raw != fact.raw):  # else both stay
            value = self._row_name(section, value) if key in self._row_names else self._plain(value)
        sheet = self._sheets.get(sheet) or self._sheet(sheet)
        if raw == fact.raw and value == fact.value and sheet == fact.sheet:
            return fact
        return Fact(section, row, field, value, raw, sheet, cell)

    def _finding(self, finding: ReadFinding) -> ReadFinding:
        name = finding.row_name
        number = (
            finding.value if (finding.section, finding.field) in self._fields_with_digits else None
        )
        value = finding.value and self._quoting(finding.value, name, number)
        message = self._quoting(finding.message, name, number)
        if value != (finding.value and visible(finding.value)) or message != visible(
            finding.message
        ):
            self._places.setdefault((finding.sheet, finding.cell), (finding.section, finding.row))
        row_name = name and self._row_name(str(finding.section), name)
        return finding._replace(
            value=value,
            message=message,
            row_name=row_name,
            sheet=finding.sheet and self._sheet(finding.sheet),
        )

    def _quoting(self, text: str, name: str | None, number: str | None) -> str:
        """A text about a row, part by part: a quoted part may be the row's name, or in a legacy
        font.

        A `number` where a count or a day is asked for stays, but for one that can only be a
        telephone's or a card's.
        """
        parts = [text] if text in (name, number) else _QUOTED.split(text)
        names = (name, name and shorten(name))
        return "".join(
            part if part == number and _is_asked_for(part) else self._part(part, part in names)
            for part in parts
        )

    def _part(self, text: str, of_row: bool) -> str:
        """One part of it; texts of several places stand with `·` between them, each maybe in a font
        of its own."""
        return " · ".join(
            _masked(place, None, self._titles, of_row)[0] for place in text.split(" · ")
        )

    def _rest(self, extract: Extract) -> None:
        """Hides names in what the content states of itself: its unit, its topic, and their
        places."""
        for name in [
            about.name for about in fields(extract) if isinstance(getattr(extract, about.name), str)
        ]:
            text_of_extract = getattr(extract, name)
            kept_as_is = (
                self._sheet(text_of_extract)
                if name.endswith("_sheet")
                else self._plain(text_of_extract)
            )
            if kept_as_is != visible(text_of_extract) and not name.endswith("_sheet"):
                about = name.removesuffix("_text")
                place = (
                    getattr(self._extract, f"{about}_sheet"),
                    getattr(self._extract, f"{about}_cell"),
                )
                self._places.setdefault(place, (None, None))
            setattr(extract, name, kept_as_is)

    def _findings_of_masked(self) -> Iterator[ReadFinding]:
        """A finding for each place that held a name, in the order in which they were met."""
        for (sheet, cell), (section, row) in self._places.items():
            yield ReadFinding(
                RULE, section, row, None, None, None, sheet and self._sheet(sheet), cell, MESSAGE
            )

    def _plain(self, text: str) -> str:
        return visible(hide_names(text, self._titles))

    def _row_name(self, section: str, name: str) -> str:
        hidden, _ = _masked(name, None, self._titles, True)
        return hidden if hidden == visible(name) else self._numbered(section, clean(name), hidden)

    def _sheet(self, sheet: str) -> str:
        if sheet not in self._sheets:
            hidden, shown = (
                visible(s, line_breaks=False)
                for s in (hide_names(sheet, self._titles, True), sheet)
            )
            self._sheets[sheet] = hidden if hidden == shown else self._numbered("", sheet, hidden)
        return self._sheets[sheet]

    def _numbered(self, among: str, text: str, hidden: str) -> str:
        """The hidden text; numbered where another one came to be the same before."""
        known = self._names_by_masked.setdefault((among, hidden), [])
        if text not in known:
            known.append(text)
        number = known.index(text) + 1
        return hidden if number == 1 else f"{hidden} ({number})"


@lru_cache(maxsize=65536)  # the cells of all reports hold the same few texts
def _masked(raw: str, value: str | None, titles: tuple[str, ...], of_row: bool) -> tuple[str, bool]:
    """The text as it stands in the file, and whether a name in it was hidden, if need be as a
    legacy font shows it.

    Text that is no less Vietnamese as it stands was typed in Unicode: read as TCVN3, `Thôn Hoàng
    Nam` would begin with `Thụn`, which is no place. But what was read from it, `value`, is how the
    font shows it, whatever it looks like.
    """
    for decode in (decode_tcvn3, decode_vni, decode_tcvn3_capitals) if may_be_legacy(raw) else ():
        shown = decode(raw)
        if (hidden := hide_names(shown, titles, of_row)) != shown and (
            clean(shown) == value
            or (decode is not decode_tcvn3_capitals and sense(shown) > sense(raw))
        ):
            return visible(hidden), True
    hidden = hide_names(raw, titles, of_row)
    return visible(hidden), hidden != raw


def _is_asked_for(number: str) -> bool:
    """Whether a text in the place of a count or a day is digits alone, as asked, and not a
    telephone's."""
    return _has_no_words(number) and not is_private_number(number)


def _has_no_words(text: str) -> bool:
    return text.isprintable() and text.upper() == text.lower()
