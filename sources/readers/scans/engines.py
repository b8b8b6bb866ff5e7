"""The two engines that read: one for digits (PP-OCR through onnxruntime), one for words
(Tesseract), loaded once and before the process is confined.

Neither starts a thread after that, opens a file or writes one.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import tesserocr

from sources.readers.scans.pixels import Box, Pixels

_MODEL = Path("models") / "PP-OCRv6_rec_small.onnx"  # of the wheel of rapidocr
_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
_LANGUAGE = "vie"
_LINE_HEIGHT = 48  # what the model reads
_END_OF_LATIN = 0x250  # the code point after Unicode's Latin Extended-B
_OTHER_SIGNS = "✓✔√✗✘Ⅴ–—…“”"
_DIGITS = "0123456789/.,-:"


def _may_stand(letter: str) -> bool:
    """Whether a report may hold this letter of the model: most of them are Chinese, and a 1 of bold
    print is taken for one of these."""
    return ord(letter or " ") < _END_OF_LATIN or letter in _OTHER_SIGNS


class EngineMissing(Exception):
    """An engine or its data is not installed; says what would bring it."""


@dataclass(frozen=True, slots=True)
class LineText:
    """What an engine read in a picture, and how sure it is of the least sure character, 0 to 100."""

    text: str
    confidence: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the page, as Tesseract read it."""

    text: str
    confidence: int
    box: Box


class DigitEngine:
    """Reads a line of digits, and the Latin letters around them."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        letters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        every = ["", *letters, " "]
        self._kept = np.array([n for n, letter in enumerate(every) if _may_stand(letter)])
        self._letters = [every[n] for n in self._kept]

    def read(self, line: Pixels) -> LineText:
        """The text of a line in grey, with little paper around it."""
        height, width = line.shape
        across = max(round(width * _LINE_HEIGHT / height), 16)
        shrinks = height > _LINE_HEIGHT
        sized = cv2.resize(
            line,
            (across, _LINE_HEIGHT),
            interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC,
        )
        padded = np.full((_LINE_HEIGHT, -(-(across + 16) // 16) * 16), 255, np.uint8)
        padded[:, 8 : 8 + across] = sized
        levels = padded.astype(np.float32) / 127.5 - 1
        batch = np.broadcast_to(levels, (1, 3, *levels.shape))
        chances = self._session.run(None, {self._input: np.ascontiguousarray(batch)})[0][0]
        kept = chances[:, self._kept]
        return self._decoded(kept / kept.sum(axis=1, keepdims=True))

    def _decoded(self, chances: Pixels) -> LineText:
        best = chances.argmax(axis=1)
        highest = chances.max(axis=1)
        text: list[str] = []
        surest: list[float] = []  # by letter, that of the step which shows it best
        before = 0
        for letter, chance in zip(best.tolist(), highest.tolist(), strict=True):
            if letter and letter == before:
                surest[-1] = max(surest[-1], chance)
            elif letter:
                text.append(self._letters[letter])
                surest.append(chance)
            before = letter
        return LineText("".join(text).strip(), int(100 * min(surest, default=0.0)))


class WordEngine:
    """Tesseract with its Vietnamese data, on one picture at a time."""

    def __init__(self, tessdata: str) -> None:
        self._words = tesserocr.PyTessBaseAPI(path=tessdata, lang=_LANGUAGE)
        self._digits = tesserocr.PyTessBaseAPI(path=tessdata, lang=_LANGUAGE)
        self._digits.SetVariable("tessedit_char_whitelist", _DIGITS)
        for api in (self._words, self._digits):
            api.SetVariable("user_defined_dpi", "300")

    def read_line(self, line: Pixels) -> LineText:
        """The text of one line."""
        words = self.read_words(line, is_one_line=True)
        return LineText(
            " ".join(word.text for word in words),
            min((word.confidence for word in words), default=0),
        )

    def read_digit_symbols(self, line: Pixels) -> list[Word]:
        """Each character of a line in which nothing but digits and what separates them may stand."""
        return list(_parts_of(self._digits, line, tesserocr.PSM.SINGLE_LINE, tesserocr.RIL.SYMBOL))

    def read_words(self, block: Pixels, is_one_line: bool) -> list[Word]:
        """The words of a line or of a block of lines, in the order of reading."""
        mode = tesserocr.PSM.SINGLE_LINE if is_one_line else tesserocr.PSM.SINGLE_BLOCK
        return list(_parts_of(self._words, block, mode, tesserocr.RIL.WORD))


def _parts_of(api: Any, picture: Pixels, mode: Any, level: Any) -> Iterator[Word]:
    height, width = picture.shape
    api.SetPageSegMode(mode)
    api.SetImageBytes(np.ascontiguousarray(picture).tobytes(), width, height, 1, width)
    api.Recognize()
    found = api.GetIterator()
    if found is None:
        return
    for word in tesserocr.iterate_level(found, level):
        if word.Empty(level):
            continue
        text = (word.GetUTF8Text(level) or "").strip()
        box = word.BoundingBox(level)
        if text and box is not None:
            yield Word(text, int(word.Confidence(level)), Box(*box))


@dataclass(frozen=True, slots=True)
class Engines:
    """Both engines, loaded."""

    digits: DigitEngine
    words: WordEngine


@cache
def load_engines() -> Engines:
    """Both engines, loaded at the first call. Raises EngineMissing."""
    cv2.setNumThreads(1)
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise EngineMissing("tonghop[ocr]")
    tessdata = _tessdata()  # first: where it is absent, a confined process starts no engine
    engines = Engines(DigitEngine(Path(found.origin).parent / _MODEL), WordEngine(tessdata))
    blank = np.full((_LINE_HEIGHT, 3 * _LINE_HEIGHT), 255, np.uint8)
    engines.digits.read(blank)
    engines.words.read_line(blank)
    engines.words.read_digit_symbols(blank)
    return engines


def _tessdata() -> str:
    """The folder of Tesseract's data that holds Vietnamese."""
    for folder in (os.environ.get("TESSDATA_PREFIX", ""), *_TESSDATA):
        if folder and (Path(folder) / f"{_LANGUAGE}.traineddata").is_file():
            return folder
    raise EngineMissing("tesseract-ocr-vie")
