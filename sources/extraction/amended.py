"""Sentences that correct a number: `14, nay đính chính là 17`, `không phải 14 mà là 17`, `sửa “9”
thành “10”`.

The former number is taken out, so that what follows reads the amended one where the former stood.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.numbers_in_text import NumberInText, known_spans, numbers_in
from sources.extraction.numerals import normalize, with_digits
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words

_NUMBER = r"\d+(?:\.\d{3})*(?:/\d+(?:\.\d{3})*)?(?![\d%])(?![.,/]\d)"
_OLD, _NEW = (rf"[“\"'«]?\s*(?P<{name}>{_NUMBER})\s*[”\"'»]?" for name in ("old", "new"))
_UNIT = r"(?:\s+[^\W\d]+){0,4}"  # of the former number: `9 quần chúng ưu tú vào Đảng`
_GAP = r"[\s,;.:()–-]*"
_IS = r"(?:\s+(?:là|thành|còn|lên|xuống|bằng))?\s*:?\s*(?:số\s+(?=\d))?"
_BECOMES = r"(?:thành|bằng|sang|lên|xuống|còn)"
_OPENING, _CLOSING = "“\"'« ", "”\"'» "
_OPEN_BRACKET = re.compile(r"\([^)]*$")
_NEW_UNIT = re.compile(r"^[^\d,;.()\n]*")  # repeated: `9 quần chúng …, nay là 11 quần chúng`
# the former value, with its unit
_FORMER = re.compile(r"(?<![^\W\d])[“\"'«]?\d[\d./-]*[”\"'»]?[^\d:]{0,40}$")
# the new number has words of its own before it
_NAMED = re.compile(r"\W*(?:\d{1,2}[.)]\s+)?(?:[^\W\d]+[\s,:/-]+){3}")
_SENTENCE = re.compile(r"(?<=\D)\.\s+|(?<=\d)\.\s+(?=\D)|\n")


class Amended(NamedTuple):
    """A text with its new numbers; `former` is the text as written, None where nothing is
    amended."""

    text: str
    former: str | None = None


def amended(text: str, vocabulary: Vocabulary) -> Amended:
    """The text with the new numbers only, where it is certain which numbers they replace."""
    plain = with_digits(text, vocabulary)
    normalized = normalize(plain)
    if not _patterns(vocabulary).hint.search(normalized):
        return Amended(text)
    for amend in (_replaced_in_phrase, _restated_number, _restated_sentence):
        if (done := amend(plain, normalized, vocabulary)) is not None:
            return Amended(done, text)
    return Amended(text)


def amendment(normalized: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """What stands before the former value in a sentence (`normalize`), and the new value as it is
    written.

    `số đảng viên dự đã ghi 30, nay đính chính là 29` is `số đảng viên dự`, `29`; `ngày sinh hoạt
    sửa 05/4 thành 06/4` is `ngày sinh hoạt`, `06/4`.
    """
    patterns = _patterns(vocabulary)
    if marker := patterns.marker.search(normalized):
        before, new = _FORMER.sub("", normalized[: marker.start()]), normalized[marker.end() :]
    elif exchanged := next((m for p in patterns.exchanged if (m := p.search(normalized))), None):
        before, new = normalized[: exchanged.start()], exchanged["new"]
    else:
        return None
    before = patterns.reported.sub("", before.rstrip(_OPENING))
    return before.rstrip(" ,;:“"), new.strip(" .;“”\"'")


class _Patterns(NamedTuple):
    """The patterns that the form's words make.

    hint       a cheap look
    exchanged  both numbers in one phrase: `sửa 9 thành 10`, `không phải 14 mà là 17`
    marker     what stands between the former number, or sentence, and the new one: `; nay đính chính lại là`
    reported   what only says that the former number was reported: `đã ghi nhầm là`
    subject    a single cell, or an organisation, of which the sentence speaks
    """

    hint: re.Pattern[str]
    exchanged: tuple[re.Pattern[str], ...]
    marker: re.Pattern[str]
    reported: re.Pattern[str]
    subject: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(vocabulary: Vocabulary) -> _Patterns:
    prose = vocabulary.campaign.form.prose
    verbs = rf"(?:{any_of(prose.amending_words)})(?:\s+lại)?"
    now = (
        rf"(?:(?:nay|xin)\s+(?:xin\s+|được\s+)*{verbs}{_IS}(?:như\s+sau\s*:?\s*)?|{verbs}\s+(?:là|thành)\s+(?=\d)"
        r"|nay\s+là\s+(?=\d)|(?:số\s+)?đúng\s+(?:phải\s+)?là\s*:?\s*)"
    )
    exchanged = (
        rf"(?<!\w)(?:nay\s+|xin\s+)?{verbs}\s+(?:từ\s+)?(?:số\s+)?{_OLD}{_UNIT}\s+{_BECOMES}\s+(?:số\s+|là\s+)?{_NEW}",
        rf"(?<=:)\s*từ\s+{_OLD}{_UNIT}\s+{_BECOMES}\s+{_NEW}",
        rf"(?<!\w)không\s+phải\s+(?:là\s+)?{_OLD}{_UNIT}\s*,?\s+mà\s+(?:là\s+)?{_NEW}",
    )
    reported = (
        rf"(?:(?:đã|trước đây|nhầm)\s+)*(?:{any_of(prose.reporting_words)})"
        r"(?:\s+(?:nhầm|sai|thiếu))*(?:\s+là)?\s*$"
    )
    hint = rf"(?<!\w)(?:{verbs}|mà\s+là|nay\s+là|đúng\s+(?:phải\s+)?là|từ\s+\d+\s+{_BECOMES})(?!\w)"
    return _Patterns(
        re.compile(hint),
        tuple(map(re.compile, exchanged)),
        re.compile(rf"{_GAP}(?<!\w){now}"),
        re.compile(reported),
        whole_words((*prose.single_subjects, *prose.other_subjects)),
    )


def _replaced_in_phrase(plain: str, normalized: str, vocabulary: Vocabulary) -> str | None:
    """Both numbers stand in one phrase, of which the new one is left."""
    found = [m for pattern in _patterns(vocabulary).exchanged for m in pattern.finditer(normalized)]
    for match in sorted(found, key=lambda m: m.start(), reverse=True):
        plain = f"{plain[: match.start()].rstrip()} {match['new']}{plain[match.end() :]}"
    return plain if found else None


def _restated_number(plain: str, normalized: str, vocabulary: Vocabulary) -> str | None:
    """The new number stands behind the only one of its sentence, whose place it takes."""
    marker = next(
        (
            m
            for m in _patterns(vocabulary).marker.finditer(normalized)
            if re.match(_NEW, normalized[m.end() :]) and not m[0].rstrip(" :").endswith("sau")
        ),
        None,
    )
    old = _only_number(plain[: marker.start()], vocabulary) if marker else None
    new = re.match(_NEW, normalized[marker.end() :]) if marker else None
    if marker is None or new is None or old is None:
        return None
    before = plain[: old.start].rstrip(_OPENING)
    if lead := _patterns(vocabulary).reported.search(normalized[: len(before)]):
        before = before[: lead.start()].rstrip()
    unit = _OPEN_BRACKET.sub("", plain[old.end : marker.start()].lstrip(_CLOSING)).rstrip()
    rest = _NEW_UNIT.sub("", plain[marker.end() + new.end() :])
    if marker[0].lstrip(" ,;").startswith("("):
        rest = rest.replace(")", "", 1)
    unit = f" {unit}" if unit else ""
    return f"{before} {new['new']}{unit}{' ' if rest.startswith('(') else ''}{rest}"


def _restated_sentence(plain: str, normalized: str, vocabulary: Vocabulary) -> str | None:
    """The sentence is repeated behind the marker: its numbers before the marker no longer count.

    What the sentence speaks of, a single cell or an organisation, stays.
    """
    marker = next(
        (
            m
            for m in _patterns(vocabulary).marker.finditer(normalized)
            if numbers_in(plain[m.end() :])
        ),
        None,
    )
    if marker is None or not _NAMED.match(plain[marker.end() :]):
        return None
    former = [
        n
        for n in _numbers(plain[: marker.start()], vocabulary)
        if n.start >= _begin(plain[: marker.start()])
    ]
    if not former:
        return None
    begins = _begin(plain[: marker.start()])
    subject = plain[begins : former[0].start]
    others = _patterns(vocabulary).subject.search(normalized[begins : marker.start()])
    return plain[:begins] + (subject if others else "") + plain[marker.end() :]


def _only_number(before: str, vocabulary: Vocabulary) -> NumberInText | None:
    """The one count of the sentence that ends there; None where it has none or several."""
    found = [n for n in _numbers(before, vocabulary) if n.start >= _begin(before)]
    return found[0] if len(found) == 1 else None


def _begin(text: str) -> int:
    """Where the last sentence of a text begins."""
    return max((m.end() for m in _SENTENCE.finditer(text)), default=0)


def _numbers(text: str, vocabulary: Vocabulary) -> list[NumberInText]:
    known = list(known_spans(text, vocabulary))
    return [
        n
        for n in numbers_in(text)
        if n.counts and not any(start < n.end and n.start < end for start, end in known)
    ]
