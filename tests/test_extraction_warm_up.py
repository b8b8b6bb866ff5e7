"""The report that a reading process extracts before readers are forked from it."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import report, warm_up
from sources.extraction.facts import Extract

CAMPAIGN = load_campaign()


def test_warm_up_report_has_a_value_for_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    extracts: list[Extract] = []
    monkeypatch.setattr(warm_up, "extract", lambda *given: extracts.append(report.extract(*given)))
    warm_up.warm_up(CAMPAIGN)
    found = {(fact.section, fact.field) for fact in extracts[0].facts if fact.raw}
    assert found == {
        (section.key, field.key) for section in CAMPAIGN.form.sections for field in section.fields
    }
