"""The elements of a web page by what they do; all others only hold text."""

from __future__ import annotations

NO_TEXT = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "title",
        "svg",
        "object",
        "iframe",
        "rt",
        "rp",
        "xml",
        "audio",
        "video",
    ]
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = HEADINGS + tuple(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "body",
        "html",
        "center",
        "blockquote",
        "address",
        "article",
        "section",
        "header",
        "footer",
        "main",
        "nav",
        "form",
        "fieldset",
        "hr",
        "pre",
        "caption",
        "legend",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "figure",
        "figcaption",
        "details",
    ]
)
STRUCK = ("s", "strike", "del")
RAISED = ("sup", "sub")
BOLD = ("b", "strong", "th", *HEADINGS)
NOTES = ("comment-list", "footnote-list", "endnote-list", "header", "footer", "comment")
