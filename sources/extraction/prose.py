"""A report's prose: `- label: value.` lines, sentences that state a count, and what stands under a heading."""

from __future__ import annotations

import re

from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Fact
from sources.extraction.labelled import pair_fact, pair_in_text
from sources.extraction.sentences import pieces_of, take_phrases
from sources.extraction.unknown_labels import nearest_pair, note_hedged, report_mistyped, report_unknown
from sources.form import FormField, Section
from sources.grids import Paragraph
from sources.text import fold

_NUMBERED = re.compile(r"^\s*(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-hđ])\s*[.)/]\s*\S")
_BULLET_PAIR = re.compile(r"^\s*[-+*•–]\s*(?P<label>[^:]{3,80}):\s*(?P<value>\d[^.]*)")
_LONGEST_HEADING = 80
_FEWEST_TABS = 3   # of a line that is a row of columns
_LISTED_PAIR = re.compile(r"^\s*(?P<label>[^:\d]{3,80}):\s*(?P<value>\d[^.]*)")


class ProseReader:
    """Reads paragraphs in their order; a text heading gathers what follows it until the next heading."""

    def __init__(self, words: Dictionary, collected: Collected) -> None:
        self.words, self.collected = words, collected
        self.section: Section | None = None
        self.field: FormField | None = None
        self.gathered: list[tuple[Paragraph, str]] = []

    def read(self, paragraph: Paragraph) -> None:
        """Takes in the next paragraph."""
        text = paragraph.text.strip()
        if not text:
            return
        if heading := self._text_heading(paragraph, text):
            self.close()
            self.section, self.field, said = heading
            if said:
                self.gathered.append((paragraph, said))
            return
        if self.field and not self._ends_gathering(paragraph, text):
            self.gathered.append((paragraph, text))
            return
        self.close()
        self._take_values(paragraph, text)

    def close(self) -> None:
        """Ends what is being gathered: before a table, at the end of the report."""
        if self.section and self.field and self.gathered:
            first = self.gathered[0][0]
            said = "\n".join(text for _, text in self.gathered)
            fact = Fact(self.section.key, 0, self.field.key, said, said, first.sheet, first.ref)
            self.collected.add_pair(self.section, self.field, fact)
        self.section, self.field, self.gathered = None, None, []

    def _text_heading(self, paragraph: Paragraph, text: str) -> tuple[Section, FormField, str] | None:
        """The prose field that a paragraph opens, and what it says in the same line."""
        pair = self.words.pair(text) if len(text) <= _LONGEST_HEADING else None
        if pair and pair[0].key == "text":
            return *pair, ""
        found = pair_in_text(text, self.words)
        return found if found and found[0].key == "text" else None

    def _ends_gathering(self, paragraph: Paragraph, text: str) -> bool:
        if pair_in_text(text, self.words) or self.words.is_footer(text):
            return True
        short = len(text) <= _LONGEST_HEADING and text[-1] not in ".;,:"
        return short and (paragraph.heading or bool(_NUMBERED.match(text)) or self.words.is_caption(text))

    def _take_values(self, paragraph: Paragraph, text: str) -> None:
        pieces = pieces_of(text)
        left = [piece for piece in pieces if not self._take_pair(paragraph, piece)]
        odd = [piece for piece in left if not take_phrases(
            piece, paragraph.sheet, paragraph.ref, self.words, self.collected)]
        if len(odd) == len(pieces):
            self._report_unknown(paragraph, _BULLET_PAIR.match(text))
            self._report_columns(paragraph, text)
            return
        for piece in odd:
            self._report_unknown(paragraph, _BULLET_PAIR.match(piece) or _LISTED_PAIR.match(piece))

    def _take_pair(self, paragraph: Paragraph, piece: str) -> bool:
        found = pair_in_text(piece, self.words)
        if not found or found[0].key == "text":
            return False
        section, field, value = found
        value = value.rstrip(" .")
        fact = pair_fact(section, field, value, value, paragraph.sheet, paragraph.ref, self.words)
        self.collected.add_pair(section, field, fact)
        label = piece[:piece.rfind(value)] if value else piece
        note_hedged(label, section, field, paragraph.sheet, paragraph.ref, self.words, self.collected)
        if details := self.words.details.search(value):
            take_phrases(value[details.start():], paragraph.sheet, paragraph.ref, self.words, self.collected)
        return True

    def _report_columns(self, paragraph: Paragraph, text: str) -> None:
        """A line of a table that is set with tabs is none that is read."""
        if text.count("\t") >= _FEWEST_TABS and any(part.strip().isdigit() for part in text.split("\t")):
            self.collected.finding(
                "columns_by_tabs", paragraph.sheet, paragraph.ref, value=shorten(text))

    def _report_unknown(self, paragraph: Paragraph, match: re.Match[str] | None) -> None:
        if not match or fold(match["label"]) in self.words.ignored:
            return
        label, value = match["label"].strip(), match["value"].strip()
        near = nearest_pair(label, self.words)
        if near and near.mistyped and (near.section.key, near.field.key) not in self.collected.pairs:
            fact = pair_fact(near.section, near.field, value, value, paragraph.sheet, paragraph.ref, self.words)
            self.collected.add_pair(near.section, near.field, fact)
            report_mistyped(paragraph.sheet, paragraph.ref, label, near, self.collected)
        else:
            report_unknown(paragraph.sheet, paragraph.ref, label, value, near, self.collected)
