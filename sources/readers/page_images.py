"""A page as a picture: what is read where a file holds no text of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class PageImage:
    """Page `number` (from 1) of a file as it is shown: RGB in rows of pixels, `dpi` of them to an
    inch."""

    number: int
    pixels: np.ndarray[Any, np.dtype[np.uint8]]
    dpi: int
