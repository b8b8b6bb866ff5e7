"""How the HTML pages are made from their templates: all that a unit wrote is escaped."""

from __future__ import annotations

from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates"


def page_environment() -> jinja2.Environment:
    """Jinja over the templates; a name that a page is not given is an error, never blank."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
