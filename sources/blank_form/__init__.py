"""The blank report form of a unit, and the same form filled in: an Excel workbook made from
form.toml.

Belongs here: sheets, guards (data validation), formulas and looks of that workbook. Imports form,
registry and campaign of `sources`, nothing above it.
"""

from sources.blank_form.values import FormValues
from sources.blank_form.workbook import fill_form, form_name, write_form

__all__ = ["FormValues", "fill_form", "form_name", "write_form"]
