"""What a campaign leaves out comes from defaults.toml; folders of released versions load as they are."""

from pathlib import Path

import duckdb
import pytest
import tomlkit
from campaign_folders import copy_campaign, set_key
from test_cli import tonghop
from test_nightly import nightly

from sources.campaign_defaults import defaults
from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from sources.samples import write_samples
from warehouse.campaign_check import campaign_mistakes

RELEASED = sorted((Path(__file__).parent / "campaigns_released").iterdir())


@pytest.fixture
def folder(tmp_path) -> Path:
    return copy_campaign(tmp_path / "campaign")


@pytest.mark.parametrize("released", RELEASED, ids=lambda folder: folder.name)
def test_released_folder_has_no_mistakes(released) -> None:
    assert campaign_mistakes(released) == []


@pytest.mark.parametrize("released", RELEASED, ids=lambda folder: folder.name)
def test_released_folder_keeps_its_own_values(released) -> None:
    own, product = load_campaign(released), load_campaign()
    assert own.limits.rows == 20_000 != product.limits.rows
    assert own.form.words.yes_marks != product.form.words.yes_marks
    assert own.form.words.issuer_words == product.form.words.issuer_words
    assert own.severity == product.severity


@pytest.mark.long
@pytest.mark.parametrize("released", RELEASED, ids=lambda folder: folder.name)
def test_released_folder_runs_a_night(released, tmp_path) -> None:
    write_samples(tmp_path / "inbox", load_campaign(released), units=3, campaign_folder=released)
    answer = nightly(tmp_path / "inbox", tmp_path / "home", "--campaign", str(released))
    assert answer.returncode == 0, answer.stderr
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as con:
        counted = con.execute("SELECT units_reported, cells_held FROM campaign_summary").fetchone()
    assert counted[0] == 3 and counted[1] > 0


def test_built_in_campaign_repeats_no_default() -> None:
    files = [
        tomlkit.parse((DEFAULT_CAMPAIGN / f).read_text()) for f in ("campaign.toml", "form.toml")
    ]
    assert not {"words", "prose"} & files[1].keys()
    repeated = {
        f"{table}.{key}"
        for table, values in files[0].items()
        for key, value in values.items()
        if defaults().get(table, {}).get(key) == value
    }
    assert repeated == set()


def test_list_replaces_the_default(folder) -> None:
    set_key(folder, "words.caption_words", '["Biểu", "Phiếu"]', "form.toml")
    words, product = load_campaign(folder).form.words, load_campaign().form.words
    assert words.caption_words == ("Biểu", "Phiếu")
    assert words.model_copy(update={"caption_words": product.caption_words}) == product


def test_list_is_changed_by_add_and_remove(folder) -> None:
    change = '{ add = ["Phiếu", "Bảng"], remove = ["Mẫu"] }'
    set_key(folder, "words.caption_words", change, "form.toml")
    default = load_campaign().form.words.caption_words
    kept = tuple(word for word in default if word != "Mẫu")
    assert load_campaign(folder).form.words.caption_words == (*kept, "Phiếu")


def test_map_is_merged_key_by_key(folder) -> None:
    set_key(folder, "words.abbreviations.QTKD", '"quản trị"', "form.toml")
    default = load_campaign().form.words.abbreviations
    assert load_campaign(folder).form.words.abbreviations == {**default, "QTKD": "quản trị"}


def test_severity_replaces_the_default(folder) -> None:
    set_key(folder, "severity.not_read", '"error"')
    assert load_campaign(folder).severity == {**load_campaign().severity, "not_read": "error"}


REFUSED = [  # file, key, value, and the refusal
    (
        "form.toml",
        "words.caption_words",
        '{ added = ["Phiếu"] }',
        "form.toml: words.caption_words: write a list, or { add",
    ),
    (
        "form.toml",
        "words.caption_words",
        '{ remove = ["Phiếu"] }',
        "form.toml: words.caption_words: remove names what the default list does not hold: ['Phiếu']",
    ),
    (
        "form.toml",
        "words.captoin_words",
        '["Phiếu"]',
        "form.toml: words.captoin_words: there is no such key",
    ),
    ("campaign.toml", "limits.rows", '"x"', "campaign.toml: limits.rows: "),
    ("campaign.toml", "limits", "3", "campaign.toml: limits: "),
]


@pytest.mark.parametrize(("file", "key", "value", "refusal"), REFUSED)
def test_wrong_change_is_refused_with_file_and_key(folder, file, key, value, refusal) -> None:
    set_key(folder, key, value, file)
    with pytest.raises(CampaignError) as refused:
        load_campaign(folder)
    assert refusal in str(refused.value)


def test_new_campaign_may_set_a_key_that_only_the_defaults_say(tmp_path) -> None:
    made = tonghop(
        "campaign", "new", tmp_path / "new", "--topic", "A", "--area", "huyện B",
        "--meetings", "2022-04-03..2022-04-15", "--deadline", "2022-04-18",
        "--units", DEFAULT_CAMPAIGN / "units.csv", "--issuer", "Ban C",
        "--set", "limits.seconds=60", "--set", "document.page.body_pt=13",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    campaign = load_campaign(tmp_path / "new")
    assert (campaign.limits.seconds, campaign.document.page.body_pt) == (60, 13)
