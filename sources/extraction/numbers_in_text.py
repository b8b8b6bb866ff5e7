"""Numbers of running text that nothing explains: neither read nor of a known sort, such as a date
or a document's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.numerals import holds_number, with_digits
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words
from sources.text import whole_number

_WHOLE = r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)"
_SHARE = r"\d+(?:[.,]\d+)?\s*%"
NUMBER = re.compile(rf"(?<![\d.,])(?:{_SHARE}|{_WHOLE}/{_WHOLE}|{_WHOLE}(?:,\d+)?)")
_DAY = r"\d{1,2}(?:\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{2,4})?)?(?![\d%])"
_DAY_MONTH = r"\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{2,4})?(?![\d%])"
_YEAR = r"(?:19|20)\d\d"
_UNTIL = r"\s*(?:đến|tới|[-–])\s*(?:hết\s+)?(?:ngày\s+)?"
_KNOWN_SORTS = (
    r"(?<!\d)\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:\d{4}|\d\d)(?!\d)",
    rf"ngày\s+{_DAY}(?:{_UNTIL}{_DAY}|\s+và\s+(?:ngày\s+)?{_DAY_MONTH})*(?:\s+tháng\s+\d{{1,2}})?",
    rf"(?:từ|đến|tới|trước|sau|hết|vào)\s+{_DAY_MONTH}(?=\s*(?:[,.;:)–-]|đến|tới|$))",
    rf"từ\s+\d{{1,2}}(?!\d){_UNTIL}{_DAY_MONTH}",
    rf"tháng\s+\d{{1,2}}(?:\s*[/-]\s*{_YEAR})?(?!\d)",
    rf"(?:năm|nhiệm\s+kỳ|giai\s+đoạn|khóa|quý\s+[ivx\d]+)\s*/?\s*(?:học\s+)?{_YEAR}(?:\s*[-–]\s*(?:20)?\d\d)?(?!\d)",
    rf"(?<!\d){_YEAR}\s*[-–]\s*{_YEAR}(?!\d)",
    rf"(?<![\d/])\d{{1,2}}\s*/\s*{_YEAR}(?![\d.])",
    r"quý\s+\d(?!\d)",
    r"\d{1,2}\s*(?:h|giờ|g)\s*\d{1,2}(?!\d)(?:\s*phút|')?|\d{1,2}\s*(?:h|giờ)(?!\w)|(?<![\d:])\d{1,2}:\d\d(?![\d:])",
    r"(?:^|\n)\s*(?:[-+*•–—·]\s*)*\(?\d{1,2}(?:\.\d{1,2})*(?:[.):]|/|-)(?=\s|[^\W\d])(?!\s*\d)",
    r"(?:^|\n)\s*(?:[ivxlc]+\.)?\d{1,2}(?:\.\d{1,2})+\.?(?=\s+[^\W\d])",
)
_SYMBOL = re.compile(
    r"(?<!\d)\d{1,5}\s?[-–/]\s?(?:(?:19|20)\d\d\s?/\s?)?[A-ZĐ]{1,6}(?:[-–/&.][A-ZĐ]{1,}[\w]*)*(?!\w)"
)
_SHARE_TOLERANCE_POINTS = 1.0  # 17/18 is written as 94,4%, 94% or 95%
_MAX_LETTERS_TO_ABSENCE_WORD = 40  # between a number and the word for those absent
_MIN_PARTS = 2


class NumberInText(NamedTuple):
    """A number and where it stands in `with_digits(text)`; `text` is `18`, `330/345` or `95,7%`."""

    start: int
    end: int
    text: str

    @property
    def counts(self) -> tuple[int, ...]:
        """Its whole numbers: one, or part and whole; none of a share or a fraction."""
        if "%" in self.text or "," in self.text:
            return ()
        return tuple(whole_number(part.replace(".", "")) for part in self.text.split("/"))


def unexplained_numbers(
    text: str,
    vocabulary: Vocabulary,
    read: Collection[tuple[int, int]] = (),
    wholes: Collection[int] = (),
) -> list[NumberInText]:
    """The numbers of a text that are neither `read` nor of a known sort, in their order.

    Known are a numbering, a date, a year or term, a time of day, a cited document, a named term
    (Covid-19), a thing that the form does not ask for (`03 nội dung`, `nữ 140`, `tăng 07`), a share
    that agrees with its part of a whole, those absent where the difference agrees, and the parts of
    a breakdown of a number that was read.

    `read` holds spans (start, end) in `with_digits(text, vocabulary)`, as the result does; `wholes`
    are counts read elsewhere in the same paragraph.
    """
    if not holds_number(text):
        return []
    plain = with_digits(text, vocabulary)
    numbers = numbers_in(plain)
    left = [n for n in numbers if not _overlaps(n, read)]
    left = _without_known_sorts(plain, left, vocabulary)
    left = [n for n in left if not _is_share_of(n, numbers, wholes)]
    absent = [n for n in left if _is_difference(plain, n, numbers, wholes, vocabulary)]
    read_numbers = [n for n in numbers if _overlaps(n, read)] + absent
    left = [n for n in left if n not in absent]
    return _without_breakdowns(
        left, {count for n in read_numbers for count in n.counts[:1]} | set(wholes)
    )


@lru_cache(maxsize=8192)  # the notes of all reports hold the same few texts
def has_unexplained_number(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text of which nothing was read holds such a number."""
    return bool(unexplained_numbers(text, vocabulary))


def numbers_in(plain: str) -> list[NumberInText]:
    """All numbers of a text that `with_digits` has made."""
    return [NumberInText(m.start(), m.end(), m[0]) for m in NUMBER.finditer(plain)]


def known_spans(plain: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where a text speaks of dates, documents, numberings and other things that are no counts."""
    for pattern in (*_patterns(vocabulary), _SYMBOL):
        yield from (match.span() for match in pattern.finditer(plain))


@lru_cache(maxsize=4)
def _patterns(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    prose = vocabulary.campaign.form.prose
    declared = (
        rf"(?:{any_of(prose.document_words)})(?:\s+\w+)?\s+số\s*:?\s*\d+",
        rf"(?:{any_of(prose.reference_words)})\s+(?:số\s+)?\d+(?:\.\d+)*(?:\s*(?:,|và)\s*\d+(?:\.\d+)+)*(?!\d|\s*/\s*\d)",
        rf"\d+\s+(?:{any_of(prose.other_units)})(?!\w)",
        any_of(prose.fixed_terms),
        rf"(?:{any_of(prose.change_words)})\s+(?:thêm\s+)?\d+",
        rf"(?:{any_of(prose.unasked_words)})\s*[:=]?\s*(?:là|có)?\s*{_WHOLE}(?!\s*/)",
        rf"{_WHOLE}\s+(?:[^\W\d]+(?:/[^\W\d]+)?\s+){{0,2}}(?:{any_of(prose.unasked_words)})(?!\w)",
    )
    return tuple(
        re.compile(
            pattern if pattern.startswith(("(?:^", "(?<")) else rf"(?<!\w){pattern}", re.IGNORECASE
        )
        for pattern in (*_KNOWN_SORTS, *(rf"(?:{one})" for one in declared))
    )


def _without_known_sorts(
    plain: str, numbers: list[NumberInText], vocabulary: Vocabulary
) -> list[NumberInText]:
    if not numbers:
        return []
    spans = list(known_spans(plain, vocabulary))
    return [n for n in numbers if not _overlaps(n, spans)]


def _overlaps(number: NumberInText, spans: Collection[tuple[int, int]]) -> bool:
    return any(start < number.end and number.start < end for start, end in spans)


def _is_share_of(
    number: NumberInText, numbers: list[NumberInText], wholes: Collection[int]
) -> bool:
    """Whether a share agrees with a part of a whole in the same text: 330/345, đạt 95,7%."""
    if "%" not in number.text:
        return False
    share = float(number.text.rstrip("% ").replace(",", "."))
    counts = [*wholes, *(count for n in numbers for count in n.counts)]
    ratios = [(n.counts[0], n.counts[1]) for n in numbers if len(n.counts) == 2]
    within = [(part, whole) for whole in counts for part in counts if 0 < part < whole]
    return any(
        whole and abs(100 * part / whole - share) < _SHARE_TOLERANCE_POINTS
        for part, whole in ratios
    ) or any(abs(100 * part / whole - share) < 0.06 for part, whole in within)


def _is_difference(
    plain: str,
    number: NumberInText,
    numbers: list[NumberInText],
    wholes: Collection[int],
    vocabulary: Vocabulary,
) -> bool:
    """Whether those absent are what is missing of a whole in the same text: 330/345, vắng 15."""
    if len(number.counts) != 1:
        return False
    absent = _absent(vocabulary)
    around = (
        plain[max(number.start - _MAX_LETTERS_TO_ABSENCE_WORD, 0) : number.start],
        plain[number.end : number.end + _MAX_LETTERS_TO_ABSENCE_WORD],
    )
    before, after = re.split(r"[;:.\d]", around[0])[-1], re.split(r"[,;.\d]", around[1])[0]
    if not absent.search(before) and not absent.search(after):
        return False
    counts = [*wholes, *(count for n in numbers if n is not number for count in n.counts)]
    return any(
        whole - part == number.counts[0] for whole in counts for part in counts if part < whole
    )


@lru_cache(maxsize=4)
def _absent(vocabulary: Vocabulary) -> re.Pattern[str]:
    return whole_words(vocabulary.campaign.form.prose.absent_words, re.IGNORECASE)


def _without_breakdowns(left: list[NumberInText], wholes: Collection[int]) -> list[NumberInText]:
    """Leaves out neighbours that add up to a number that was read: 18 (12 chi bộ thôn, 03 trường
    học, 03 cơ quan)."""
    for first in range(len(left)):
        for last in range(first + _MIN_PARTS, len(left) + 1):
            parts = left[first:last]
            if all(len(n.counts) == 1 for n in parts) and sum(n.counts[0] for n in parts) in wholes:
                return [*left[:first], *_without_breakdowns(left[last:], wholes)]
    return left
