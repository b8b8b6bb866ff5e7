"""Texts of marks that attack their reader: rtf, web pages, XML spreadsheets and messages without end."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from made_messages import eml, mht, msg, msg_tree
from made_texts import excel_xml, html, odt, rtf

_ROW = '<Row{}><Cell{}><Data ss:Type="{}">{}</Data></Cell></Row>'


def marks(rng: Random) -> bytes:
    """One of them."""
    return rng.choice((_rtf, _page, _excel_xml, _odt, _message))(rng)


def _rtf(rng: Random) -> bytes:
    number = rng.choice((10**9, -(10**9), 2**31, 0, 9_999_999_999))
    bodies: tuple[Callable[[], str], ...] = (
        lambda: "{" * 300_000,
        lambda: "\\trowd" + f"\\cellx{number}" * 900 + "\\intbl 1\\cell\\row" * 1_000,
        lambda: f"\\itap{number}\\uc{number}\\u{number}\\bin{number} x" * 1_000,
        lambda: (
            "\\pard\\intbl\\itap20 1\\nestcell{\\*\\nesttableprops\\trowd\\cellx1\\nestrow}"
            * 20_000
        ),
        lambda: "{\\shp{\\*\\shpinst{\\shptxt a" * 200 + "}}}" * 200,
        lambda: "{\\field{\\*\\fldinst SYMBOL " + "9" * 100_000 + "}}",
        lambda: "{\\fonttbl" + "".join(f"{{\\f{n} A;}}" for n in range(9_000)) + "}",
        lambda: "\\u-10179?" * 100_000 + "\\cell" * 400_000,
    )
    return rtf(rng.choice(bodies)())


def _page(rng: Random) -> bytes:
    number = rng.choice((10**9, 65_534, -1, 0, 1_000))
    bodies: tuple[Callable[[], str], ...] = (
        lambda: f"<table>{f'<tr><td rowspan={number} colspan={number}>a' * 3_000}</table>",
        lambda: "<table><tr><td>" * 100 + "</table>" * 100,
        lambda: "<b>" * 200_000,
        lambda: "<table>" + "<form>" * 240 + "<td>1</table>",
        lambda: f"<style>{'a b c d e f{display:none}' * 4_000}</style>" + "<a><b><c>" * 70,
        lambda: (
            f"<table><tr><td x:num={'9' * 400}>1<td sdval=nan>2<td data-sheets-value='{'[' * 900}'>3</table>"
        ),
        lambda: "<!--" * 100_000,
        lambda: f"<table>{'<col span=1000 style=display:none>' * 5_000}<tr><td>1</table>",
    )
    return html(rng.choice(bodies)())


def _excel_xml(rng: Random) -> bytes:
    place = f' ss:Index="{rng.choice((10**9, 1_048_576, 16_384, 0, -1))}"'
    kind = rng.choice(("Number", "DateTime", "Boolean", "Error", "String", "?"))
    text = rng.choice(("1e999", "NaN", "9" * 5_000, "0000-00-00", "", "2022-04-05T99"))
    merged = f' ss:MergeAcross="{rng.choice((10**9, -1, 99))}" ss:MergeDown="{10**9}"'
    row = _ROW.format(rng.choice(("", place)), rng.choice((place, merged, "")), kind, text)
    return excel_xml(
        f'<Worksheet ss:Name="A"><Table>{row * rng.choice((1, 3, 9_000))}</Table></Worksheet>'
    )


def _odt(rng: Random) -> bytes:
    times = rng.choice((10**9, -1, 0, 1_024, 2**63))
    way = rng.choice(("columns-repeated", "columns-spanned", "rows-spanned"))
    cell = f'<table:table-cell table:number-{way}="{times}"><text:p>1</text:p></table:table-cell>'
    end = "</table:table-row></table:table>"
    deep = "<table:table><table:table-row><table:table-cell>"
    return odt(
        rng.choice(
            (
                f"<table:table><table:table-row>{cell * 50}</table:table-row></table:table>",
                f'<table:table><table:table-row table:number-rows-repeated="{times}">{cell}{end}',
                deep * 80 + "</table:table-cell></table:table-row></table:table>" * 80,
                "<text:p>" + "<text:span>" * 240 + "a" + "</text:span>" * 240 + "</text:p>",
            )
        )
    )


def _message(rng: Random) -> bytes:
    inner: dict = msg_tree(("a.csv", b"a;b"))
    for _ in range(rng.choice((1, 12))):
        inner = msg_tree(("x", inner))
    return rng.choice(
        (
            lambda: eml(*[("a.csv", b"a;b")] * 600),
            lambda: msg(("x", inner)),
            lambda: mht(*[("a.htm", "text/html", "<p>" * 1_000)] * 300),
            lambda: eml(("a.html", html("<b>" * 50_000))),
        )
    )()
