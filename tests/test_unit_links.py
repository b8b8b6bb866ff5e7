"""The units' own links: their tokens, and what a file that came through one may count for."""

import datetime as dt
import stat

import pytest
from killed_nights import run

from flows.home.layout import Home
from sources.brought_files import land_file
from sources.campaigns import load_campaign
from sources.channels.desk import UNIT_LINK
from sources.samples import write_samples
from sources.secrets import SecretError
from sources.unit_links import UnitLinks, printed_link, token_digest
from warehouse.ask import open_warehouse
from warehouse.reports.notices import reminder

CAMPAIGN = load_campaign()
NOW = dt.datetime(2022, 4, 16, 1, tzinfo=dt.UTC)
KIEN_LAO, NAM_DUONG = "07552", "07603"


def test_links_are_unguessable_and_the_same_each_time(tmp_path):
    links = UnitLinks(tmp_path)
    token = links.token(KIEN_LAO)
    assert len(token) == 43 and token == UnitLinks(tmp_path).token(KIEN_LAO) != links.token(
        NAM_DUONG
    )
    assert links.units_by_token_digest([KIEN_LAO])[token_digest(token)] == KIEN_LAO
    assert stat.S_IMODE((tmp_path / "link.key").stat().st_mode) == 0o600
    assert UnitLinks(tmp_path / "another home").token(KIEN_LAO) != token
    assert links.form_key(token) != links.form_key(links.token(NAM_DUONG))


def test_renewed_or_revoked_link_opens_nothing_and_never_again(tmp_path):
    links = UnitLinks(tmp_path)
    first = links.token(KIEN_LAO)
    second = links.renew(KIEN_LAO, "canbo", NOW)
    assert second == links.token(KIEN_LAO) != first
    links.revoke(KIEN_LAO, "canbo", NOW)
    assert links.token(KIEN_LAO) is None and links.units_by_token_digest([KIEN_LAO]) == {}
    assert links.renew(KIEN_LAO, "canbo", NOW) not in (first, second)
    assert first not in (tmp_path / "links.jsonl").read_text()


def test_secret_that_others_may_read_is_refused(tmp_path):
    UnitLinks(tmp_path)
    (tmp_path / "link.key").chmod(0o644)
    with pytest.raises(SecretError):
        UnitLinks(tmp_path)


@pytest.mark.parametrize(
    ("enabled", "address", "is_printed"),
    [
        (True, "https://bao-cao.example", True),
        (True, "", False),
        (False, "https://a.example", False),
    ],
)
def test_letters_bear_a_link_only_where_the_campaign_says_so(
    tmp_path, enabled, address, is_printed
):
    settings = CAMPAIGN.unit_links.model_copy(update={"enabled": enabled, "address": address})
    campaign = CAMPAIGN.model_copy(update={"unit_links": settings})
    link = printed_link(tmp_path, campaign, KIEN_LAO)
    assert link == (f"{address}/dv/{UnitLinks(tmp_path).token(KIEN_LAO)}" if is_printed else None)


def test_reminder_bears_the_link_on_a_line_of_its_own():
    unit, as_of = CAMPAIGN.registry.by_code[KIEN_LAO], NOW.astimezone(CAMPAIGN.zone)
    with_link = reminder(unit, [], CAMPAIGN, as_of, link="https://bao-cao.example/dv/x")
    assert "https://bao-cao.example/dv/x" in with_link.splitlines()
    assert "đường dẫn" not in reminder(unit, [], CAMPAIGN, as_of)


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A night over the same report of Nam Dương through two links, and one of Kiên Lao."""
    folder = tmp_path_factory.mktemp("links")
    write_samples(folder / "made", CAMPAIGN, layout="form")
    (folder / "inbox").mkdir()
    home = Home(folder / "home")
    home.folder.mkdir()
    brought = {
        "of another": ("BC Xã Nam Dương.xlsx", "a.xlsx", KIEN_LAO),
        "own": ("BC Xã Nam Dương.xlsx", "b.xlsx", NAM_DUONG),
        "own, named after another": ("BC Xã Kiên Lao.xlsx", "BC Xã Nam Dương.xlsx", KIEN_LAO),
    }
    ids = {}
    for n, (what, (made, name, unit)) in enumerate(brought.items()):
        now = NOW + dt.timedelta(minutes=n)
        arrival = land_file(
            home.folder, name, folder / "made" / made, UNIT_LINK, now, link_unit_code=unit
        )
        ids[what] = arrival.submission_id
    run(folder / "inbox", home.folder, "2022-04-16T12:00:00+07:00")
    with open_warehouse(home.warehouse) as con:
        rows = con.execute("SELECT submission_id, status, unit_code, reason FROM submission")
        by_id = {row[0]: row[1:] for row in rows.fetchall()}
    return {what: by_id[submission] for what, submission in ids.items()}


def test_report_of_another_unit_through_a_link_is_held(counted):
    status, unit, reason = counted["of another"]
    assert (status, unit) == ("held", NAM_DUONG)
    assert reason.startswith(
        "Tệp gửi qua đường dẫn riêng của Xã Kiên Lao, không phải của Xã Nam Dương."
    )


@pytest.mark.parametrize(
    ("what", "unit"), [("own", NAM_DUONG), ("own, named after another", KIEN_LAO)]
)
def test_own_report_through_a_link_counts(counted, what, unit):
    assert counted[what][:2] == ("accepted", unit)
