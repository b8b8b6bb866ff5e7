"""Numbers as Vietnamese offices print them: a dot between thousands, a comma before decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sources.figure_declarations import NumberFormat

UNKNOWN = "chưa có số liệu"


def printed(value: float | None, style: NumberFormat) -> str:
    """The number as the report prints it: a count 1.234, a share of one 94,4%, a decimal 2,5; None:
    `UNKNOWN`."""
    if value is None:
        return UNKNOWN
    return {"count": count, "percent": percent, "decimal": decimal}[style](value)


def count(value: float) -> str:
    """A whole number: 1234 becomes 1.234."""
    return f"{value:,.0f}".replace(",", ".")


def percent(share: float) -> str:
    """A share of one with one decimal: 0.9444 becomes 94,4%; all and nothing without: 100%, 0%.

    A share that only rounding would make whole is not printed as such: 0.9999 is trên 99,9%, 0.0001
    is dưới 0,1%.
    """
    if share in (0, 1):
        return f"{100 * share:.0f}%"
    rounded = _half_up(Decimal(f"{share:.15g}") * 100)
    if 0 < share < 1 and rounded in (0, 100):
        return "trên 99,9%" if rounded else "dưới 0,1%"
    return f"{_with_one_decimal(rounded)}%"


def decimal(value: float) -> str:
    """A number with one decimal: 1234.56 becomes 1.234,6."""
    return _with_one_decimal(_half_up(Decimal(f"{value:.15g}")))


def _half_up(value: Decimal) -> Decimal:
    """To one decimal, halves away from zero, as Excel shows it: 6.25 becomes 6.3. Of a float its
    fifteen digits count, as in Excel: 0.285 is no half that lies a little below."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _with_one_decimal(value: Decimal) -> str:
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))
