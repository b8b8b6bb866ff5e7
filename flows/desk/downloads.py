"""Files that a browser saves."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from flows.desk.desk import Desk
from sources.blank_form import write_form
from sources.registry import Unit
from sources.unit_links import printed_link


def attachment(content: bytes, name: str) -> Response:
    """A file to be saved under that name, which no browser shows or runs."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def blank_form(desk: Desk, unit: Unit, name: str) -> Response:
    """The unit's blank form to be saved, with its link where the campaign prints one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        link = printed_link(desk.home.desk, desk.campaign, unit.code)
        write_form(unit, desk.campaign, path, link)
        return attachment(path.read_bytes(), name)
