"""The form as a workbook: one sheet of pairs, one per table section, one on how to fill it in."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter import Workbook

from sources.blank_form.formats import DATE_FORMAT, FONT, FormFormats
from sources.blank_form.front import write_front
from sources.blank_form.guidance import write_guidance
from sources.blank_form.tables import plan_tables, write_table
from sources.blank_form.values import FormValues, asked_sections
from sources.campaigns import Campaign
from sources.registry import Unit


def form_name(unit: Unit) -> str:
    """The file name of the unit's blank form: its code, and its name, by which whoever sends it
    knows it."""
    return f"{unit.code} {unit.name}.xlsx".replace("/", "-")


def write_form(unit: Unit, campaign: Campaign, target: Path, link: str | None = None) -> None:
    """Writes the unit's blank form to `target` (.xlsx): its name filled in, each place typed and
    guarded (III.4), with the unit's own `link` and its QR code among the instructions, if given.

    The bytes depend on the unit, the campaign and the link alone. Raises OSError where `target` cannot be
    written.
    """
    fill_form(FormValues(), unit, campaign, target, link)


def fill_form(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, link: str | None = None
) -> None:
    """Writes the unit's form with these values in it; what has no value stays blank, as in the
    blank form."""
    options = {
        "in_memory": True,
        "default_date_format": DATE_FORMAT,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": 12},
    }
    with Workbook(str(target), options) as book:
        created = campaign.campaign.deadline.astimezone(campaign.zone).replace(tzinfo=None)
        book.set_properties(
            {"title": campaign.campaign.name, "subject": unit.name, "created": created}
        )
        formats = FormFormats(book)
        pairs = [s for s in asked_sections(unit, campaign) if s.layout == "pairs"]
        tables = plan_tables(values, unit, campaign)
        write_front(
            book.add_worksheet(pairs[0].title), pairs, tables, values, unit, campaign, formats
        )
        for table in tables:
            write_table(book.add_worksheet(table.section.title), table, campaign, formats)
        write_guidance(book, campaign, formats, link)
