"""From grids and paragraphs to facts: labels and tables found by the form's vocabulary, wherever
they stand.

Pure: values in, values out; no disk, no engine. Imports `sources` only. What a reader cannot type
stays as raw text.
"""

from sources.extraction.report import extract

__all__ = ["extract"]
