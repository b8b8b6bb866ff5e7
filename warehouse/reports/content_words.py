"""What the contents of the meetings are about: the form calls them by a number, a reader does not."""

from __future__ import annotations

from sources.campaigns import Campaign
from sources.form import FormField

CONTENT_RULE = "content_not_covered"


def content_fields(campaign: Campaign, *sections: str) -> list[FormField]:
    """The fields of the sections that say whether a meeting covered a content."""
    form = campaign.form
    return [
        field
        for section in sections
        if section in form.by_key
        for field in form.by_key[section].fields
        if field.expected_rule == CONTENT_RULE
    ]


def contents_note(campaign: Campaign, *sections: str) -> str:
    """What the contents are that the form calls by a number, in one sentence: `Nội dung 2.1: quán
    triệt …; nội dung 2.2: …`. Empty where the campaign has no words for them."""
    words = {
        _lower(field.label): _lower(field.report_words)
        for field in content_fields(campaign, *sections)
        if field.report_words
    }
    note = "; ".join(f"{label}: {about}" for label, about in words.items())
    return f"{note[:1].upper()}{note[1:]}." if note else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
