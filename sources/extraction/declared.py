"""Whether a file states that it corrects, supplements or replaces an earlier one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sources.extraction.facts import Extract
from sources.extraction.issuer_lines import Line
from sources.extraction.vocabulary import Vocabulary
from sources.form import Words
from sources.grids import Document, Grid
from sources.text import clean, fold

_MAX_TITLE_LETTERS = 160
_MAX_SENTENCES = 12
_MAX_WORDS_BETWEEN = 4  # words between the two, as in `đính chính lại một số số liệu`
_WORDS_BETWEEN = {"cho", "lai", "them", "mot", "so", "cac", "toan", "bo", "noi", "dung", "cua"}
_ITEM = re.compile(
    r"\s*(?:[-–—+*•]\s*[^\W_]|(?:\d{1,2}|[IVX]{1,5}|[A-Za-zĐđ])[.)]\s|(?:\d{1,2}\.){2,})"
)
# `đề nghị bổ sung danh sách` corrects nothing
_ASKED = re.compile(r"\b(?:de nghi|kien nghi|de xuat|sua doi)\b")
_STATED = re.compile(r"\b(?:(?:so|ngay) \d|nhu sau|cu the)")
_NOW = re.compile(r"\b(?:xin|nay)$")
_SO = re.compile(r"(?:lai )?(?:la|thanh|nhu sau)\b")
_SUBJECT = re.compile(r"^(?:v v|ve viec) ")


def read_declaration(
    document: Document, first: list[Line], vocabulary: Vocabulary, extract: Extract
) -> None:
    """Sets `declares` of the extract, with its place, from the titles, the first sentences and the
    sheets' names.

    Where it states both, as in `Báo cáo bổ sung, thay thế Báo cáo số 12`, the file replaces.
    """
    form_words = vocabulary.campaign.form.words
    lines = [*_lines_before_items(first), *_sheet_names(document)]
    for kind, verbs in (
        ("replacement", form_words.replacement_words),
        ("correction", form_words.correction_words),
    ):
        if line := next(
            (line for n, line in enumerate(lines) if _declares(line.text, verbs, form_words, n)),
            None,
        ):
            extract.declares, extract.declares_sheet, extract.declares_cell = (
                kind,
                line.sheet,
                line.ref,
            )
            return


def _lines_before_items(first: list[Line]) -> Iterator[Line]:
    """The first lines, up to the first numbered one or the first of a list: below it the report
    itself begins."""
    for line in first:
        if _ITEM.match(line.text):
            return
        yield line


def _sheet_names(document: Document) -> Iterator[Line]:
    for block in document.blocks:
        if isinstance(block, Grid) and block.source == "sheet" and not block.hidden:
            yield Line(clean(block.sheet), block.sheet, "A1")


def _declares(text: str, verbs: tuple[str, ...], form_words: Words, number: int) -> bool:
    folded = fold(text)
    verbs_found = [verb for verb in map(fold, verbs) if verb in folded]
    nouns = tuple(fold(noun) for noun in form_words.document_words) if verbs_found else ()
    for verb in verbs_found:
        for found in re.finditer(rf"\b{verb}\b", folded):
            before, after = folded[: found.start()].strip(), folded[found.end() :].strip()
            if _ASKED.search(before):
                continue
            if len(text) <= _MAX_TITLE_LETTERS and _is_title(
                folded, before, after, verb, nouns, text
            ):
                return True
            if number < _MAX_SENTENCES and _is_stated(before, after, nouns):
                return True
    return False


def _is_title(
    folded: str, before: str, after: str, verb: str, nouns: tuple[str, ...], text: str
) -> bool:
    """`BÁO CÁO BỔ SUNG`, `Báo cáo … (đính chính)`, `V/v đính chính số liệu`, `Bổ sung danh sách
    trưởng thôn`."""
    title = _SUBJECT.sub("", folded)
    if title == verb:
        return True
    if title.startswith(verb) and title == f"{verb} {after}".strip():
        return _names_document(after, nouns)
    if not _begins(title, nouns):
        return False
    ends = not after or re.match(r"(?:lan|dot) \d", after) is not None
    bracketed = any(fold(inside).startswith(verb) for inside in re.findall(r"\(([^)]*)\)?", text))
    in_subject = before.endswith(" v v") and _names_document(after, nouns)
    return ends or bracketed or _ends(before, nouns) or in_subject


def _is_stated(before: str, after: str, nouns: tuple[str, ...]) -> bool:
    """`xin đính chính số liệu`, `nay đính chính lại là 11`, `thay thế Báo cáo số 12-BC/ĐU`."""
    now = _NOW.search(before) is not None
    if _names_document(after, nouns):
        return now or _STATED.search(after) is not None
    return now and _SO.match(after) is not None


def _names_document(after: str, nouns: tuple[str, ...]) -> bool:
    rest = after.split()
    for skipped in range(_MAX_WORDS_BETWEEN + 1):
        if _begins(" ".join(rest[skipped:]), nouns):
            return True
        if skipped >= len(rest) or rest[skipped] not in _WORDS_BETWEEN:
            return False
    return False


def _begins(text: str, nouns: tuple[str, ...]) -> bool:
    return any(text == noun or text.startswith(f"{noun} ") for noun in nouns)


def _ends(text: str, nouns: tuple[str, ...]) -> bool:
    return any(text == noun or text.endswith(f" {noun}") for noun in nouns)
