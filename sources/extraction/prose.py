"""A report's prose: `- label: value.` lines, sentences that state a count, and what stands under a heading."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Fact
from sources.extraction.pairs import pair_fact, pair_in_text
from sources.extraction.unknown_labels import nearest_pair, note_hedged, report_mistyped, report_unknown
from sources.form import FormField, Section
from sources.grids import Paragraph
from sources.text import clean, fold

_NUMBERED = re.compile(r"^\s*(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-hđ])\s*[.)/]\s*\S")
_BULLET_PAIR = re.compile(r"^\s*[-+*•–]\s*(?P<label>[^:]{3,80}):\s*(?P<value>\d[^.]*)")
_LONGEST_HEADING = 80
_PLAIN_NUMBER = r"\d{1,3}(?:\.\d{3})+(?!\d)|\d+(?!\s*/)"
_NUMBERS = {"{n}": _PLAIN_NUMBER, "{k}": rf"\d+\s*/\s*\d+|{_PLAIN_NUMBER}"}


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
        taken = False
        for piece in re.split(r"[;\n]|(?<=[^\d])\.\s+|(?<=\d)\.\s+(?=\D)", text):
            found = pair_in_text(piece, self.words)
            if found and found[0].key != "text":
                section, field, value = found
                value = value.rstrip(" .")
                fact = pair_fact(section, field, value, value, paragraph.sheet, paragraph.ref, self.words)
                self.collected.add_pair(section, field, fact)
                label = piece[:piece.rfind(value)] if value else piece
                note_hedged(label, section, field, paragraph.sheet, paragraph.ref, self.words, self.collected)
                taken = True
        if not taken and not self._take_phrases(paragraph, text):
            self._report_unknown(paragraph, text)

    def _take_phrases(self, paragraph: Paragraph, text: str) -> bool:
        """Counts stated in a sentence, by the form's phrases; only where no `label: value` line has told them."""
        taken = False
        for section, field, pattern in _phrases(self.words):
            for match in pattern.finditer(clean(text).casefold()):
                raw = match["n"]
                fact = pair_fact(section, field, raw, raw, paragraph.sheet, paragraph.ref, self.words)
                self._say_read_from_sentence(paragraph, section, field, match[0])
                self.collected.add_pair(section, field, fact)
                taken = True
        return taken

    def _say_read_from_sentence(self, paragraph: Paragraph, section: Section, field: FormField, said: str) -> None:
        self.collected.finding(
            "label_unknown", paragraph.sheet, paragraph.ref, section=section.key, field=field.key, value=shorten(said),
            message=f"“{field.label}” được đọc từ câu văn “{shorten(said)}”. Đề nghị kiểm tra, lần sau ghi theo mẫu.")

    def _report_unknown(self, paragraph: Paragraph, text: str) -> None:
        match = _BULLET_PAIR.match(text)
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


@lru_cache(maxsize=4)
def _phrases(words: Dictionary) -> tuple[tuple[Section, FormField, re.Pattern[str]], ...]:
    """The form's phrases as patterns: `{n} chi bộ trực thuộc` with its number."""
    found = []
    for labels in words.pairs:
        for field in labels.section.fields:
            for phrase in field.phrases:
                before, number, after = re.split(r"(\{[nk]\})", phrase)
                said = (re.escape(clean(part).casefold()).replace(r"\ ", r"\s+") for part in (before, after))
                pattern = rf"(?<![\w/.,]){next(said)}\s*(?P<n>{_NUMBERS[number]})\s*{next(said)}(?!\w)"
                found.append((labels.section, field, re.compile(pattern)))
    return tuple(found)
