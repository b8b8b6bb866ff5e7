"""A page as a picture: what the reader of PDF files and that of photographs give to the one that
reads scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page, upright as it is shown.

    number  of the page, from 1
    pixels  height x width x 3 (red, green, blue), uint8
    dpi     dots per inch that the scanner really took: the picture may be drawn larger
    """

    number: int
    pixels: npt.NDArray[np.uint8]
    dpi: int
