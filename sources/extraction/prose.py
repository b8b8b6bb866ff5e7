"""A report's prose: what stands under which heading; lines that state values go to their reader."""

from __future__ import annotations

from dataclasses import dataclass

from sources.extraction.cell_types import UNTYPED, type_value
from sources.extraction.documents_given import introduces_document_list
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.guesses import nouns_counted
from sources.extraction.headings import (
    DEPTH_OF_PLAIN_LINE,
    TextHeading,
    closes_report,
    is_heading,
    is_of_another_time,
    is_of_others,
    level_of,
    ordinal_of,
    split_at_text_headings,
    text_heading,
    texts_mentioned_in,
)
from sources.extraction.hedges import names_own, names_wider
from sources.extraction.labelled import pair_in_text
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import holds_number, normalize, with_digits
from sources.extraction.prose_values import ValueReader
from sources.extraction.sentence_context import SentenceContext
from sources.extraction.sentences import note_subjects
from sources.extraction.stated import is_known
from sources.extraction.text_classes import TextClass
from sources.extraction.unread_sentences import keep_unexplained, resolve_open_statements
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.grids import Paragraph

_MAX_END_LINE_LETTERS = 80


@dataclass
class _ForeignPart:
    """Lines whose numbers are not the unit's own results, from a heading on."""

    heading: str
    level: int
    reported: bool = False


class ProseReader:
    """Reads paragraphs in their order; a text heading gathers what follows it until the next
    heading."""

    def __init__(
        self, vocabulary: Vocabulary, builder: ExtractBuilder, of_district: bool = False
    ) -> None:
        self.vocabulary, self.builder = vocabulary, builder
        self.section: Section | None = None
        self.field: FormField | None = None
        self.level = DEPTH_OF_PLAIN_LINE
        self.last_item = 0  # of the numbered items of the text that is open
        self.text_lines: list[tuple[Paragraph, str]] = []
        self.context = SentenceContext(of_district=of_district)
        self.values = ValueReader(vocabulary, builder, self.context)
        self.foreign_part: _ForeignPart | None = None
        # by sentences only
        self.texts_mentioned: dict[str, tuple[Section, FormField, Paragraph, str]] = {}
        self.undivided_heading: TextHeading | None = (
            None  # a heading of two texts that nothing has divided yet
        )

    def read(self, paragraph: Paragraph) -> None:
        """Takes in the next paragraph."""
        for line in paragraph.text.split("\n"):
            for part in split_at_text_headings(line, self.vocabulary):
                self._read_line(paragraph, part)

    def close(self) -> None:
        """Ends what is being gathered: before a table, at the end of the report."""
        if self.section and self.field and self.text_lines:
            first = self.text_lines[0][0]
            whole = "\n".join(text for _, text in self.text_lines)
            for paragraph, _ in self.text_lines:
                self.builder.mark_paragraph(paragraph, TextClass.VALUE)
            fact = Fact(self.section.key, 0, self.field.key, whole, whole, first.sheet, first.ref)
            self.builder.add_pair(self.section, self.field, fact)
        self.section, self.field, self.text_lines = None, None, []

    def finish(self) -> None:
        """Ends the report: raises what only all of it together settles."""
        self.close()
        resolve_open_statements(self.context, self.vocabulary, self.builder)
        for section, field, paragraph, text in self.texts_mentioned.values():
            if not is_known(section, field, self.builder):
                self._report_unread_text(section, field, paragraph, text)

    def _read_line(self, paragraph: Paragraph, text: str) -> None:
        bold = paragraph.heading
        heading = text_heading(text, bold, self.vocabulary)
        if heading and self.field and (heading.about_causes or self._is_item(text, bold, heading)):
            self.text_lines.append((paragraph, text))
        elif heading:
            self._open(paragraph, text, heading)
        elif self.field and not self._ends_text(text, bold):
            self.text_lines.append((paragraph, text))
        else:
            self._read_outside_texts(paragraph, text)

    def _open(self, paragraph: Paragraph, text: str, heading: TextHeading) -> None:
        """Begins the text of a heading; one that names two texts is divided by those below it."""
        self.close()
        self.builder.mark_paragraph(paragraph, TextClass.LABEL)
        self.foreign_part, self.undivided_heading = None, None
        self.context.forget()
        keys = [field.key for _, field in heading.fields]
        if heading.about_causes:
            return
        if keys[:2] == ["advantages", "difficulties"] and not heading.text:
            self.undivided_heading = heading
            return
        (self.section, self.field), self.level = (
            heading.fields[0],
            level_of(text, paragraph.heading),
        )
        self.last_item = 0
        if heading.text:
            self.text_lines.append((paragraph, heading.text))

    def _is_item(self, text: str, bold: bool, heading: TextHeading) -> bool:
        """Whether what looks like a heading goes on with the text that is open: `- Khó khăn về kinh
        phí`."""
        same = (
            [field.key for _, field in heading.fields] == [self.field.key] if self.field else False
        )
        return same and level_of(text, bold) > self.level and not heading.text

    def _ends_text(self, text: str, bold: bool) -> bool:
        if self.vocabulary.lines.is_footer(text) or closes_report(text, self.vocabulary):
            return True
        if self._states_pair(text):
            return True
        if text[-1] in ".;," or len(text) > _MAX_END_LINE_LETTERS:
            return False
        # a heading, or the office of who signs
        if self.vocabulary.lines.is_caption(text) or text.isupper():
            return True
        level = level_of(text)
        if not bold and self._is_next_item(text):
            return False
        return (
            bold
            if level == DEPTH_OF_PLAIN_LINE
            else level <= min(self.level, 4) or (bold and level <= 2)
        )

    def _states_pair(self, text: str) -> bool:
        """Whether a line is a label with its value, and no words about it: `- Số đảng viên dự: thấp
        ở khối cơ quan`."""
        found = pair_in_text(text, self.vocabulary)
        if found is None or found[0].key == "text":
            return False
        return (
            found[1].type != "count"
            or not found[2]
            or holds_number(found[2])
            or type_value(
                found[2], found[1], self.vocabulary, self.vocabulary.campaign.campaign.year
            )
            is not UNTYPED
        )

    def _is_next_item(self, text: str) -> bool:
        """Whether a numbered line is an item of the text that is open: `1. Đề nghị …` under `3.
        Kiến nghị`."""
        number = ordinal_of(text)
        if (
            number is None
            or number not in (1, self.last_item + 1)
            or (number == 1 and self.last_item)
        ):
            return False
        self.last_item = number
        return True

    def _read_outside_texts(self, paragraph: Paragraph, text: str) -> None:
        self.close()
        if self.values.read_awaited_value(paragraph, text):
            return
        self._report_undivided(paragraph, text)
        level = level_of(text, paragraph.heading)
        if self.foreign_part and level <= self.foreign_part.level:
            self.foreign_part = None
        if is_heading(text, paragraph.heading, self.vocabulary) and not pair_in_text(
            text, self.vocabulary
        ):
            self.context.forget()
            self.context.subjects.update(nouns_counted(normalize(text), self.vocabulary))
            if introduces_document_list(normalize(text), self.vocabulary):
                self.context.document_list_heading = normalize(text)
            self.builder.mark_paragraph(paragraph, TextClass.TITLE)
            if is_of_others(text, self.vocabulary) or self._is_of_the_district(text):
                self.foreign_part = _ForeignPart(text, level)
            return
        if self.foreign_part:
            self._report_foreign_number(paragraph, text, self.foreign_part)
        elif self._is_about_others(text):
            note_subjects(
                normalize(with_digits(text, self.vocabulary)), self.vocabulary, self.context
            )
            keep_unexplained(text, paragraph.sheet, paragraph.ref, self.vocabulary, self.context)
        else:
            for section, field in texts_mentioned_in(text, self.vocabulary):
                self.texts_mentioned.setdefault(field.key, (section, field, paragraph, text))
            self.values.read(paragraph, text)

    def _is_about_others(self, text: str) -> bool:
        """Whether the words before a line's first colon make all of it another's: `Kết quả kỳ
        trước: …`."""
        label, _, rest = text.partition(":")
        if not holds_number(rest) or pair_in_text(text, self.vocabulary):
            return False
        own = names_own(normalize(rest), self.vocabulary)
        return is_of_another_time(label, self.vocabulary) or (
            not own and is_of_others(label, self.vocabulary)
        )

    def _is_of_the_district(self, text: str) -> bool:
        """Whether a heading in a commune's report speaks of the whole district."""
        return not self.context.of_district and names_wider(normalize(text), self.vocabulary)

    def _report_unread_text(
        self, section: Section, field: FormField, paragraph: Paragraph, text: str
    ) -> None:
        self.builder.add_finding(
            "not_read",
            paragraph.sheet,
            paragraph.ref,
            section=section.key,
            field=field.key,
            value=shorten(text),
        )

    def _report_undivided(self, paragraph: Paragraph, text: str) -> None:
        """A paragraph right under `Thuận lợi, khó khăn` may be either."""
        if self.undivided_heading and not is_heading(text, paragraph.heading, self.vocabulary):
            for section, field in self.undivided_heading.fields:
                self._report_unread_text(section, field, paragraph, text)
        self.undivided_heading = None

    def _report_foreign_number(
        self, paragraph: Paragraph, text: str, foreign_part: _ForeignPart
    ) -> None:
        """One finding for all numbers under a heading that makes them another's."""
        if not unexplained_numbers(text, self.vocabulary):
            return
        self.builder.mark_paragraph(paragraph, TextClass.UNREAD)
        if not foreign_part.reported:
            foreign_part.reported = True
            self.builder.add_finding(
                "not_read", paragraph.sheet, paragraph.ref, value=shorten(foreign_part.heading)
            )
