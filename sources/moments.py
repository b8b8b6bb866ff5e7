"""How a moment is written for people, everywhere: 08:00 ngày 16/04/2022."""

from __future__ import annotations

import datetime as dt

# for Python's strftime and DuckDB's alike; a query in a file has it as moment_format
MOMENT_FORMAT = "%H:%M ngày %d/%m/%Y"


def moment_text(moment: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """The moment by the clocks of `zone`; without one, of its own."""
    return f"{moment.astimezone(zone) if zone else moment:{MOMENT_FORMAT}}"
