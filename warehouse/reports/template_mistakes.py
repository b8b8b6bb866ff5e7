"""What is wrong with the Word template that a campaign brings, before a night tries to fill it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from docx import Document as open_document
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate

from sources.campaign_checks import Mistake
from sources.campaigns import Campaign
from warehouse.figures import built_in_figures
from warehouse.reports.document_check import (
    BODY_STYLE,
    NUMBER_STYLE,
    QUOTE_STYLE,
    all_paragraphs,
)
from warehouse.reports.told_figures import Figures
from warehouse.schema import summed_keys

NAMED_FIGURE = re.compile(r"(?<![\w.])so\.([a-z][a-z0-9_]*)")


def template_mistakes(template: Path, campaign: Campaign) -> Iterator[Mistake]:
    """The mistakes of the template: no Word document, tags that do not match, styles that the report
    needs, figures that nobody declares, each with its paragraph.
    """
    try:
        document = open_document(str(template))
    except (OpcError, KeyError, ValueError, OSError) as error:
        problem = f"cannot be opened as a Word document ({error}); save it in Word as .docx"
        yield Mistake(template.name, None, problem)
        return
    for style in (BODY_STYLE, QUOTE_STYLE, NUMBER_STYLE):
        if style not in document.styles:
            problem = "the style is missing; begin with a copy of the product's template"
            yield Mistake(template.name, style, problem)
    yield from _mistakes_of_tags(template)
    known = _known_figures(campaign)
    for paragraph in all_paragraphs(document):
        for name in NAMED_FIGURE.findall(paragraph.text):
            if name not in known:
                problem = f"so.{name} is no figure; correct its name, or declare it in figures.toml"
                yield Mistake(template.name, f"“{paragraph.text.strip()[:60]}”", problem)


def _mistakes_of_tags(template: Path) -> Iterator[Mistake]:
    filled = DocxTemplate(template)
    filled.init_docx()
    try:
        jinja2.Environment(autoescape=True).parse(filled.patch_xml(filled.get_xml()))
    except jinja2.TemplateSyntaxError as error:
        problem = (
            f"its tags cannot be read: {error.message}; each {{% if %}} needs its {{% endif %}}"
        )
        yield Mistake(template.name, None, problem)


def _known_figures(campaign: Campaign) -> set[str]:
    """All names behind `so.`: one that this form does not provide for is false in a condition."""
    declared = {figure.name for figure in (*built_in_figures(), *campaign.own.figures)}
    attributes = {name for name in dir(Figures) if not name.startswith("_")}
    return declared | attributes | set(summed_keys(campaign.form))
