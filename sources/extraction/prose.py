"""A report's prose: `- label: value.` lines, sentences that state a count, and what stands under a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.extraction.cell_types import UNTYPED, type_value
from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary, strip_numbering
from sources.extraction.facts import Fact
from sources.extraction.headings import (
    UNMARKED,
    TextHeading,
    closes_report,
    is_heading,
    is_of_others,
    level_of,
    ordinal_of,
    text_heading,
)
from sources.extraction.labelled import pair_fact, pair_in_text, split_count
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import comparable, holds_number, with_digits
from sources.extraction.sentences import (
    Context,
    Stated,
    drop_breakdown,
    leave_unread,
    note_subjects,
    pieces_of,
    read_sentence,
    settle,
)
from sources.extraction.text_classes import TextClass
from sources.extraction.unknown_labels import nearest_pair, note_hedged, report_mistyped, report_unknown
from sources.form import FormField, Section
from sources.grids import Paragraph
from sources.text import clean, fold

_LISTED_PAIR = re.compile(r"^\s*(?:[-+*•–]\s*)?(?P<label>[^:\d]{3,80}):\s*(?P<value>\d[^.]*)")
_TWO_LABELS = re.compile(r"^(?P<one>[^:/]{3,80})/(?P<other>[^:/]{3,80}):\s*(?P<a>[\d.]+)\s*/\s*(?P<b>[\d.]+)(?P<rest>.*)$")
_FEWEST_TABS = 3   # of a line that is a row of columns
_LONGEST_VALUE = 60
_LONGEST_END = 80   # letters of a line that ends a text


@dataclass
class _Aside:
    """Lines whose numbers are not the unit's own results, from a heading on."""

    heading: str
    level: int
    reported: bool = False


class ProseReader:
    """Reads paragraphs in their order; a text heading gathers what follows it until the next heading."""

    def __init__(self, words: Dictionary, collected: Collected) -> None:
        self.words, self.collected = words, collected
        self.section: Section | None = None
        self.field: FormField | None = None
        self.level = UNMARKED
        self.last_item = 0   # of the numbered items of the text that is open
        self.gathered: list[tuple[Paragraph, str]] = []
        self.context = Context()
        self.aside: _Aside | None = None
        self.awaiting: tuple[Section, FormField] | None = None   # a label whose value may stand in the next line
        self.undivided: TextHeading | None = None   # a heading of two texts that nothing has divided yet

    def read(self, paragraph: Paragraph) -> None:
        """Takes in the next paragraph."""
        for line in paragraph.text.split("\n"):
            if line.strip():
                self._read_line(paragraph, line.strip())

    def close(self) -> None:
        """Ends what is being gathered: before a table, at the end of the report."""
        if self.section and self.field and self.gathered:
            first = self.gathered[0][0]
            said = "\n".join(text for _, text in self.gathered)
            for paragraph, _ in self.gathered:
                self._mark(paragraph, TextClass.VALUE)
            fact = Fact(self.section.key, 0, self.field.key, said, said, first.sheet, first.ref)
            self.collected.add_pair(self.section, self.field, fact)
        self.section, self.field, self.gathered = None, None, []

    def finish(self) -> None:
        """Ends the report: raises what only all of it together settles."""
        self.close()
        settle(self.context, self.words, self.collected)

    def _mark(self, paragraph: Paragraph, text_class: TextClass) -> None:
        """Gives a paragraph its class; of several the lower counts, as in a grid."""
        place = paragraph.sheet, paragraph.ref
        known = self.collected.paragraphs.get(place)
        self.collected.paragraphs[place] = text_class if known is None else min(known, text_class)

    def _read_line(self, paragraph: Paragraph, text: str) -> None:
        bold = paragraph.heading
        heading = text_heading(text, bold, self.words)
        if heading and self.field and (heading.about_causes or self._is_item(text, bold, heading)):
            self.gathered.append((paragraph, text))
        elif heading:
            self._open(paragraph, text, heading)
        elif self.field and not self._ends_gathering(text, bold):
            self.gathered.append((paragraph, text))
        else:
            self._read_outside_texts(paragraph, text)

    def _open(self, paragraph: Paragraph, text: str, heading: TextHeading) -> None:
        """Begins the text of a heading; one that names two texts is divided by those below it."""
        self.close()
        self._mark(paragraph, TextClass.LABEL)
        self.aside, self.undivided = None, None
        self.context.turn_page()
        keys = [field.key for _, field in heading.fields]
        if heading.about_causes:
            return
        if keys[:2] == ["advantages", "difficulties"] and not heading.text:
            self.undivided = heading
            return
        (self.section, self.field), self.level = heading.fields[0], level_of(text, paragraph.heading)
        self.last_item = 0
        if heading.text:
            self.gathered.append((paragraph, heading.text))

    def _is_item(self, text: str, bold: bool, heading: TextHeading) -> bool:
        """Whether what looks like a heading goes on with the text that is open: `- Khó khăn về kinh phí`."""
        same = [field.key for _, field in heading.fields] == [self.field.key] if self.field else False
        return same and level_of(text, bold) > self.level and not heading.text

    def _ends_gathering(self, text: str, bold: bool) -> bool:
        if self.words.is_footer(text) or closes_report(text, self.words):
            return True
        found = pair_in_text(text, self.words)
        if found and found[0].key != "text":
            return True
        if text[-1] in ".;," or len(text) > _LONGEST_END:
            return False
        if self.words.is_caption(text) or text.isupper():   # a heading, or the office of who signs
            return True
        level = level_of(text)
        if not bold and self._goes_on_counting(text):
            return False
        return bold if level == UNMARKED else level <= min(self.level, 4) or (bold and level <= 2)

    def _goes_on_counting(self, text: str) -> bool:
        """Whether a numbered line is an item of the text that is open: `1. Đề nghị …` under `3. Kiến nghị`."""
        number = ordinal_of(text)
        if number is None or number not in (1, self.last_item + 1) or (number == 1 and self.last_item):
            return False
        self.last_item = number
        return True

    def _read_outside_texts(self, paragraph: Paragraph, text: str) -> None:
        self.close()
        if self._await(paragraph, text):
            return
        self._note_undivided(paragraph, text)
        level = level_of(text, paragraph.heading)
        if self.aside and level <= self.aside.level:
            self.aside = None
        if is_heading(text, paragraph.heading, self.words) and not pair_in_text(text, self.words):
            self.context.turn_page()
            self._mark(paragraph, TextClass.TITLE)
            if is_of_others(text, self.words):
                self.aside = _Aside(text, level)
            return
        if self.aside:
            self._report_aside(paragraph, text, self.aside)
        elif self._is_of_others(text):
            note_subjects(comparable(with_digits(text, self.words)), self.words, self.context)
            leave_unread(text, paragraph.sheet, paragraph.ref, self.words, self.context)
        else:
            self._take_values(paragraph, text)

    def _is_of_others(self, text: str) -> bool:
        """Whether the words before a line's first colon make all of it another's: `Kết quả kỳ trước: …`."""
        label, _, said = text.partition(":")
        return holds_number(said) and is_of_others(label, self.words) and not pair_in_text(text, self.words)

    def _await(self, paragraph: Paragraph, text: str) -> bool:
        """Takes a value that stands in a line of its own below its label."""
        awaited, self.awaiting = self.awaiting, None
        if awaited is None or len(text) > _LONGEST_VALUE:
            return False
        value = with_digits(text, self.words).strip(" -+:.")
        typed = type_value(value, awaited[1], self.words, self.words.campaign.campaign.year)
        if typed is UNTYPED or typed is None or not value[:1].isdigit():
            return False
        self._add(paragraph, *awaited, value)
        return True

    def _note_undivided(self, paragraph: Paragraph, text: str) -> None:
        """A paragraph right under `Thuận lợi, khó khăn` may be either."""
        if self.undivided and not is_heading(text, paragraph.heading, self.words):
            for section, field in self.undivided.fields:
                self.collected.finding("not_read", paragraph.sheet, paragraph.ref, section=section.key,
                                       field=field.key, value=shorten(text))
        self.undivided = None

    def _report_aside(self, paragraph: Paragraph, text: str, aside: _Aside) -> None:
        """One finding for all numbers under a heading that makes them another's."""
        if not unexplained_numbers(text, self.words):
            return
        self._mark(paragraph, TextClass.UNREAD)
        if not aside.reported:
            aside.reported = True
            self.collected.finding("not_read", paragraph.sheet, paragraph.ref, value=shorten(aside.heading))

    def _take_values(self, paragraph: Paragraph, text: str) -> None:
        if text.count("\t") >= _FEWEST_TABS and any(part.strip().isdigit() for part in text.split("\t")):
            self._mark(paragraph, TextClass.UNREAD)
            self.collected.finding("columns_by_tabs", paragraph.sheet, paragraph.ref, value=shorten(text))
            return
        self.context.counts.clear()
        first = len(self.context.unread)
        for piece in pieces_of(with_digits(strip_numbering(text), self.words)):
            if two := _TWO_LABELS.match(piece):
                piece = f"{two['one']}: {two['a']}, {two['other']}: {two['b']}{two['rest']}"
            if not self._take_pair(paragraph, piece) and holds_claim_or_number(piece):
                self._take_sentence(paragraph, piece)
        drop_breakdown(self.context, first)

    def _take_pair(self, paragraph: Paragraph, piece: str) -> bool:
        found = pair_in_text(piece, self.words)
        if not found or found[0].key == "text":
            return False
        section, field, value = found
        label = piece[:piece.rfind(value)] if value else piece
        value, rest = self._value_and_rest(field, value.rstrip(" ."))
        if not value:
            self.awaiting = (section, field)
        else:
            self._mark(paragraph, TextClass.VALUE)
        if not self._is_own(label, section, field, paragraph, value):
            return True
        self._add(paragraph, section, field, value)
        note_hedged(label, section, field, paragraph.sheet, paragraph.ref, self.words, self.collected)
        if rest:
            self._take_rest(paragraph, rest)
        return True

    def _value_and_rest(self, field: FormField, value: str) -> tuple[str, str]:
        if field.type != "count":
            return value, ""
        return split_count(with_digits(value, self.words).strip(), field, self.words)

    def _add(self, paragraph: Paragraph, section: Section, field: FormField, value: str) -> None:
        fact = pair_fact(section, field, value, value, paragraph.sheet, paragraph.ref, self.words)
        self.collected.add_pair(section, field, fact)
        if value:
            self.context.subjects.add(field.unit_word or "")
            self.context.counts.update(
                int(count.replace(".", "")) for count in re.findall(r"\d[\d.]*(?<=\d)", value.split("(")[0]))
        part, _, whole = value.partition("/")
        if field.limit and (number := re.match(r"\s*([\d.]+)", whole)) and part.strip(" .").isdigit():
            whole_field = section.by_key[field.limit]
            self.context.wholes.append(Stated(
                section, whole_field, number[1].rstrip("."), shorten(value), paragraph.sheet, paragraph.ref))

    def _is_own(self, label: str, section: Section, field: FormField, paragraph: Paragraph, value: str) -> bool:
        """Whether a label means the unit's own value of this campaign; else that is said."""
        said = comparable(label)
        names_own = any(word in said for word in self.words.campaign.form.prose.own_subjects)
        others = self.context.of_others and field.unit_word in ("chi bộ", "đảng viên") and not names_own
        if value and (others or is_of_others(label, self.words)):
            self.collected.finding("sentence_unclear", paragraph.sheet, paragraph.ref, section=section.key,
                                   field=field.key, value=shorten(f"{label}{value}"), label=field.label)
            return False
        if names_own:
            self.context.of_others = False
        return True

    def _take_rest(self, paragraph: Paragraph, rest: str) -> None:
        """What follows the value in the same piece: more pairs, sentences, or what explains it."""
        rest = rest.strip(" ,;.")
        if not self._take_pair(paragraph, rest):
            read_sentence(rest, paragraph.sheet, paragraph.ref, self.words, self.collected, self.context)

    def _take_sentence(self, paragraph: Paragraph, piece: str) -> None:
        before = len(self.context.unread)
        handled = read_sentence(
            piece, paragraph.sheet, paragraph.ref, self.words, self.collected, self.context)
        match = _LISTED_PAIR.match(piece)
        if handled:
            self._mark(paragraph, TextClass.VALUE)
        if handled or match is None or len(self.context.unread) == before:
            return
        self._report_unknown(paragraph, match)

    def _report_unknown(self, paragraph: Paragraph, match: re.Match[str]) -> None:
        """A label that nobody knows: read where it is a slip of the pen, else said with the nearest known one."""
        label, value = match["label"].strip(), match["value"].strip()
        near = nearest_pair(label, self.words)
        unread = self.context.unread[-1]
        if fold(label) in self.words.ignored:
            self.context.unread.pop()
        elif near and near.mistyped and (near.section.key, near.field.key) not in self.collected.pairs:
            self.context.unread.pop()
            self._add(paragraph, near.section, near.field, value)
            report_mistyped(paragraph.sheet, paragraph.ref, label, near, self.collected)
        elif not unread.fields or (near and any(near.field.key == field.key for _, field in unread.fields)):
            self.context.unread.pop()
            report_unknown(paragraph.sheet, paragraph.ref, label, value, near, self.collected)


def holds_claim_or_number(text: str) -> bool:
    """Whether a sentence may state a value: it holds a number, or it is long enough to speak of all."""
    return holds_number(text) or len(clean(text)) >= 12
