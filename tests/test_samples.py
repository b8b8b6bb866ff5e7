"""Sample inboxes: repeatable, plausible, consistent, and read by a night as intended."""

import datetime as dt
import json
import re
from random import Random

import duckdb
import pytest

from flows import stages
from flows.night import parse_night
from sources.blank_form import FormValues
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.extraction import extract
from sources.grids import RefusedFile
from sources.readers import read
from sources.samples import LAYOUTS, FolderNotEmpty, write_samples
from sources.samples.country import made_up_campaign
from sources.samples.names import place_names
from sources.samples.plan import plan_inbox
from sources.samples.reports import make_reports
from sources.text import fold

CAMPAIGN = load_campaign()
AS_OF = "2022-04-19T20:00:00+07:00"


@pytest.fixture(scope="module")
def tryout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tryout") / "inbox"
    return folder, write_samples(folder, CAMPAIGN)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A clean sample of the whole registry, and the warehouse that a night makes of it, without the
    engine."""
    place = tmp_path_factory.mktemp("clean")
    expected = write_samples(place / "inbox", CAMPAIGN, units=len(CAMPAIGN.registry.units), seed=4)
    night = parse_night(
        str(place / "inbox"),
        str(place / "home"),
        AS_OF,
        None,
        "run",
        dt.datetime.now(CAMPAIGN.zone),
    )
    stages.open_work(night)
    stages.collect(night)
    for number, chunk in enumerate(stages.list_unread(night)):
        stages.read(night, number, chunk, len(chunk))
    stages.validate(night)
    stages.build(night)
    with duckdb.connect(str(night.draft), read_only=True) as con:
        yield expected, con


def reports_of(folder):
    return sorted(p for p in folder.iterdir() if not p.name.startswith("."))


def test_tryout_sample_has_missing_late_returned_and_rejected_reports(tryout):
    folder, expected = tryout
    assert len(reports_of(folder)) == len(CAMPAIGN.registry.units) - 2 + 2
    statuses = list(expected.units.values())
    assert [statuses.count(s) for s in ("missing", "late", "returned")] == [2, 1, 1]
    assert len(expected.rejected) == 2 and all(
        (folder / name).is_file() for name in expected.rejected
    )


def test_file_times_make_late_reports(tryout):
    folder, expected = tryout
    late = [
        p for p in reports_of(folder) if p.stat().st_mtime >= CAMPAIGN.campaign.deadline.timestamp()
    ]
    (name,) = (
        CAMPAIGN.registry.by_code[u].name
        for u, status in expected.units.items()
        if status == "late"
    )
    assert len(late) == 1 and name in late[0].name


def test_tryout_sample_has_every_layout(tryout):
    assert {p.suffix[1:] for p in reports_of(tryout[0])} == {
        layout.extension for layout in LAYOUTS.values()
    }


def test_expected_totals_are_in_a_hidden_file(tryout):
    folder, expected = tryout
    written = json.loads((folder / ".expected.json").read_text(encoding="utf-8"))
    assert (
        written["campaign_summary"] == expected.campaign_summary
        and written["units"] == expected.units
    )


def test_truncated_workbook_is_refused_and_unknown_issuer_has_no_unit(tryout):
    folder, expected = tryout
    outcomes = []
    for name in expected.rejected:
        try:
            outcomes.append(
                extract(read((folder / name).read_bytes(), CAMPAIGN.limits), CAMPAIGN).unit_code
            )
        except RefusedFile as refusal:
            outcomes.append(refusal.rule)
    assert outcomes == [None, "unreadable"]


def test_same_seed_gives_same_bytes_and_other_seed_other_numbers(tmp_path):
    first, again, other = (tmp_path / name for name in "abc")
    for folder, seed in ((first, 1), (again, 1), (other, 2)):
        write_samples(folder, CAMPAIGN, units=8, seed=seed)
    contents = [{p.name: p.read_bytes() for p in reports_of(f)} for f in (first, again, other)]
    assert contents[0] == contents[1] and contents[0] != contents[2]
    assert [p.stat().st_mtime for p in reports_of(first)] == [
        p.stat().st_mtime for p in reports_of(again)
    ]


def test_non_empty_folder_is_left_alone(tmp_path):
    (tmp_path / "của đơn vị.xlsx").write_bytes(b"")
    with pytest.raises(FolderNotEmpty, match="đã có tệp"):
        write_samples(tmp_path, CAMPAIGN)


def test_more_units_than_registered_bring_their_own_campaign(tmp_path):
    expected = write_samples(tmp_path, CAMPAIGN, units=40, layout="form")
    campaign = load_campaign(tmp_path / ".campaign")
    assert len(campaign.registry.communes) == 40 == expected.campaign_summary["units_reported"]
    assert campaign.registry.organisations == CAMPAIGN.registry.organisations
    path = reports_of(tmp_path)[0]
    assert (
        extract(read(path.read_bytes(), campaign.limits), campaign).unit_code
        in campaign.registry.by_code
    )


def test_country_sample_names_are_unique_without_accents(tmp_path):
    campaign = made_up_campaign(DEFAULT_CAMPAIGN, tmp_path, 10_600, 1)
    assert len({fold(u.name) for u in campaign.registry.communes}) == 10_600


def test_too_many_names_are_refused():
    with pytest.raises(ValueError, match="can be made"):
        place_names(20_000, Random(1))


def test_no_file_names_a_person(tryout):
    titles = re.compile(r"\b(đồng chí|đ/c|ông|bà) [A-ZĐ]", re.IGNORECASE)
    for values in make_reports(CAMPAIGN.registry.units, CAMPAIGN, 1):
        assert not titles.search(" ".join(str(v) for v in values.pairs["text"].values()))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_report_in_each_layout_is_read_back_without_findings(tmp_path, layout):
    kind = LAYOUTS[layout]
    units = [u for u in CAMPAIGN.registry.units[::9] if kind.rows or u.reporter == "commune"]
    for unit, made in zip(units, make_reports(units, CAMPAIGN, 7), strict=True):
        values = made if kind.rows else FormValues(made.pairs)
        path = tmp_path / f"{unit.code}.{kind.extension}"
        kind.write(values, unit, CAMPAIGN, path, Random(unit.code))
        extracted = extract(read(path.read_bytes(), CAMPAIGN.limits), CAMPAIGN)
        assert extracted.unit_code == unit.code and not extracted.findings
        assert {
            (f.section, f.row, f.field): f.value
            for f in extracted.facts
            if f.value not in (None, "false") and f.field != "unit"
        } == expected_facts(values)


def expected_facts(values):
    places = {
        (s, 0, k): v for s, fields in values.pairs.items() for k, v in fields.items() if k != "unit"
    }
    places |= {
        (s, n, k): v
        for s, rows in values.rows.items()
        for n, r in enumerate(rows, 1)
        for k, v in r.items()
    }
    return {
        k: "true" if v is True else str(v)
        for k, v in places.items()
        if v is not None and v is not False
    }


def test_clean_sample_has_no_errors_or_differing_sources(clean):
    _, con = clean
    assert con.execute("SELECT status, count(*) FROM submission GROUP BY status").fetchall() == [
        ("accepted", len(CAMPAIGN.registry.units))
    ]
    rules = dict(con.execute("SELECT rule, count(*) FROM finding GROUP BY rule").fetchall())
    assert rules.keys() <= {
        "outside_window",
        "content_not_covered",
        "material_missing",
        "no_committee_member",
    }
    assert 0 < rules["outside_window"] < 20


def test_a_night_finds_the_expected_totals(clean):
    expected, con = clean
    columns = ", ".join(expected.campaign_summary)
    found = con.execute(f"SELECT {columns} FROM campaign_summary").fetchone()
    assert dict(zip(expected.campaign_summary, found, strict=True)) == expected.campaign_summary


def test_bench_sample_has_all_units_and_two_percent_late():
    planned = plan_inbox(CAMPAIGN.registry.communes * 4, CAMPAIGN, 1, "form", tryout=False)
    assert len(planned) == 116 and sum(p.fate == "late" for p in planned) in range(2, 9)
    assert {p.layout for p in planned} == {"form"} and {p.fate for p in planned} == {
        "late",
        "accepted",
    }
