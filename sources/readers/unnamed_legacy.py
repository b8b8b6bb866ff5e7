"""Text of the time before Unicode whose font is not named: typed in .VnTime or a VNI font, then
copied to a csv, a page or a cell set in Arial.

Decided once for a document, by its syllables: a single word may be Vietnamese in both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sources.grids import Document, Grid, Paragraph
from sources.legacy_encodings import WORD, decode_tcvn3, decode_vni, may_be_legacy, sense
from sources.readers.refusals import unknown_encoding

_MIN_SENSE = 8  # more words that are syllables than are not
# Of a text in Unicode at least nine words in ten are syllables, of one in VPS or VISCII six.
_MIN_WORDS, _MIN_SENSE_SHARE = 20, 0.5
# What other programs show for bytes from 80 to BF, which those encodings have for letters; a text
# in French or German has next to none.
_SYMBOL = re.compile("[\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_MIN_SYMBOL_SHARE = 0.1
_CLEAR = 2  # times as many as in the text as it stands
# No syllable ends so without ư before: the program has left out the soft hyphen that TCVN3 has for it
_LOST_LETTER = re.compile("(?<!ư)[ơờớởỡợ](?:ng|c)(?!\\w)", re.IGNORECASE)


def decode_unnamed_legacy(document: Document) -> None:
    """Makes Unicode of a document's texts where they are surely TCVN3 or VNI; `raw` of a grid keeps
    what the file says. What was read from pictures, or has any letter beyond those encodings,
    stays.

    Raises RefusedFile where most words are none in Vietnamese, as in VPS or VISCII: of what is left
    of such a text a number would be read here and there.
    """
    texts = [text for text in _texts(document) if not text.isascii()]
    whole = "\n".join(texts)
    decode = _decoder_of(whole) if texts and all(map(may_be_legacy, texts)) else None
    if decode is None:
        _check_readable(whole)
        return
    for block in [*document.blocks, *document.unseen]:
        if isinstance(block, Grid):
            _decode_grid(block, decode)
        else:
            block.text, block.comment = decode(block.text), decode(block.comment)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (value for row in block.rows for value in row if isinstance(value, str))


def _decoder_of(text: str) -> Callable[[str], str] | None:
    best = max((decode_tcvn3, decode_vni), key=lambda decode: sense(decode(text)))
    decoded = best(text)
    score = sense(decoded)
    if score < _MIN_SENSE or score < _CLEAR * sense(text) or _LOST_LETTER.search(decoded):
        return None
    return best


def _check_readable(text: str) -> None:
    strange = len(_SYMBOL.findall(text))
    if strange < _MIN_SYMBOL_SHARE * len(_BEYOND_ASCII.findall(text)):
        return  # so of all texts in Unicode, and sooner known than what each word is
    words = [word for word in WORD.findall(text) if not word.isascii()]
    if len(words) >= _MIN_WORDS and sense(text) < _MIN_SENSE_SHARE * len(words):
        raise unknown_encoding()


def _decode_grid(grid: Grid, decode: Callable[[str], str]) -> None:
    for number, row in enumerate(grid.rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and (shown := decode(value)) != value:
                grid.raw.setdefault((number, column), value)
                row[column] = shown
    grid.comments = {place: decode(text) for place, text in grid.comments.items()}
    for place, hidden in grid.concealed.items():
        if isinstance(hidden, str):
            grid.concealed[place] = decode(hidden)
