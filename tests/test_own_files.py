"""A campaign's own rules.toml, figures.toml and Word template: what they add, what is refused."""

import datetime as dt
import os
import re
import shutil
from copy import deepcopy
from pathlib import Path

import duckdb
import pytest
from docx import Document
from nights import Report, fetch, night
from test_cli import tonghop

from flows import stages
from flows.night import Night, parse_night
from sources.blank_form import FormValues, fill_form
from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from sources.new_campaign import Plan, write_campaign
from sources.own_files import FIGURES, RULES, TEMPLATE
from sources.staged import staged_version
from warehouse.ask import why_lines
from warehouse.campaign_check import campaign_mistakes
from warehouse.reports.consolidated import TEMPLATE as BUILT_IN_TEMPLATE
from warehouse.reports.documents import DOCUMENTS, PAGE, REPORT
from warehouse.reports.template_paragraphs import read_paragraphs

PAGE_OF_CAMPAIGNS = Path(__file__).parent.parent / "docs" / "campaign.md"
AS_OF = "2022-04-19T20:00:00+07:00"
RECEIVED = dt.datetime.fromisoformat("2022-04-17T09:00:00+07:00").timestamp()
SENTENCE = "Toàn huyện có {{ so.cells_large }} chi bộ từ 30 đảng viên trở lên."


def documented(name: str) -> str:
    """The example of that file in docs/campaign.md."""
    page = PAGE_OF_CAMPAIGNS.read_text(encoding="utf-8")
    return dict(re.findall(r"^## [^\n:]+: (\S+)\n.*?```toml\n(.*?)```", page, re.S | re.M))[name]


def write_own_files(folder: Path) -> Path:
    """The product's campaign with the documented rules and figures, and a template that prints
    one."""
    shutil.copytree(DEFAULT_CAMPAIGN, folder)
    for name in (RULES, FIGURES):
        (folder / name).write_text(documented(name), encoding="utf-8")
    template = Document(str(BUILT_IN_TEMPLATE))
    body = next(p for p in template.paragraphs if p.text.startswith("Tính đến"))
    added = deepcopy(body._p)
    body._p.addprevious(added)
    (paragraph,) = [p for p in template.paragraphs if p._p is added]
    paragraph.text = SENTENCE
    template.save(str(folder / TEMPLATE))
    return folder


def meeting(name: str, members: int | None, day: int = 5) -> dict[str, object]:
    return {
        "name": name,
        "held_on": dt.date(2022, 4, day),
        "mode": "separate",
        "members_total": members,
        "members_attended": 2,
        "committee_attended": True,
        "content_1": True,
        "content_2": True,
        "content_3": True,
    }


REPORTS = {  # by unit: news items, and the rows of its party cells
    "07531": (10, [meeting("Chi bộ thôn Bắc", 2), meeting("Chi bộ thôn Nam", 300)]),
    "07540": (11, [meeting("Chi bộ thôn Đông", 3), meeting("Chi bộ thôn Tây", 40)]),
    "07528": (None, [meeting("Chi bộ thôn Cầu", None), meeting("Chi bộ thôn Man", 9, day=16)]),
}


def run_night(campaign_folder: Path, folder: Path) -> Night:
    """A night over REPORTS: the stages one after another, without the engine."""
    campaign = load_campaign(campaign_folder)
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for unit, (news_items, cells) in REPORTS.items():
        path = inbox / f"{unit}.xlsx"
        values = FormValues(
            pairs={"info": {"unit": unit, "news_items": news_items}}, rows={"cells": cells}
        )
        fill_form(values, campaign.registry.by_code[unit], campaign, path)
        os.utime(path, (RECEIVED, RECEIVED))
    now = dt.datetime.fromisoformat(AS_OF)
    tonight = parse_night(
        str(inbox), str(folder / "home"), AS_OF, str(campaign_folder), "run", now=now
    )
    stages.open_work(tonight)
    stages.collect(tonight)
    for number, chunk in enumerate(stages.list_unread(tonight), 1):
        stages.read(tonight, number, chunk, len(chunk))
    stages.validate(tonight)
    stages.build(tonight)
    for document in DOCUMENTS:
        stages.write_document(tonight, document.name)
    stages.publish(tonight)
    return tonight


@pytest.fixture(scope="module")
def campaign_folder(tmp_path_factory) -> Path:
    return write_own_files(tmp_path_factory.mktemp("campaigns") / "own")


@pytest.fixture(scope="module")
def home(tmp_path_factory, campaign_folder) -> Path:
    return run_night(campaign_folder, tmp_path_factory.mktemp("night")).home.folder


@pytest.fixture(scope="module")
def findings(home) -> dict[str, list[tuple]]:
    """By rule its findings: unit, severity, section, row, field, value, sheet, cell, message."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        rows = con.execute(
            "SELECT rule, unit_code, severity, section, row_name, field, value, sheet, cell, message "
            "FROM finding ORDER BY ALL"
        ).fetchall()
    return {rule: [row[1:] for row in rows if row[0] == rule] for rule, *_ in rows}


def test_members_outside_3_to_300_are_flagged_at_their_cell(findings):
    assert findings["members_unlikely"] == [
        (
            "07531",
            "warning",
            "cells",
            "Chi bộ thôn Bắc",
            "members_total",
            "2",
            "Chi bộ",
            "F5",
            "Tổng số đảng viên của Chi bộ thôn Bắc (2) ngoài khoảng 3 đến 300. Đề nghị kiểm tra lại.",
        )
    ]


def test_over_5_news_items_per_cell_return_the_file(findings, home):
    (found,) = findings["news_items_unlikely"]
    assert found[:6] == ("07540", "error", "info", None, "news_items", "11")
    assert "(11) nhiều hơn 5 lần số chi bộ (2)" in found[-1], "its rows are the total"
    letter = home / "feedback" / "07540" / "thu-gui-don-vi.txt"
    assert "nhiều hơn 5 lần số chi bộ" in letter.read_text(encoding="utf-8")


def test_changed_rule_has_the_campaigns_severity_and_message(findings):
    (found,) = findings["outside_window"]
    assert found[0] == "07528" and found[1] == "error"
    assert found[-1].endswith("Báo cáo được trả lại để kiểm tra.")


def test_data_docs_show_each_own_rule_under_its_name(home):
    docs = home / "reports" / AS_OF[:10] / "kiem-tra"
    cells, info = ((docs / f"{name}.html").read_text("utf-8") for name in ("cells", "info"))
    assert cells.count("Số đảng viên của chi bộ ngoài khoảng 3 đến 300") == 1
    assert "07531.xlsx · Chi bộ thôn Bắc · Chi bộ · F5 · 2" in cells
    assert info.count("Số tin, bài nhiều hơn 5 lần số chi bộ") == 1


def test_page_names_own_rules(home):
    folder = home / "reports" / AS_OF[:10]
    assert "Số tin, bài nhiều hơn 5 lần số chi bộ" in (folder / PAGE.file_name).read_text(
        encoding="utf-8"
    )


def test_why_names_own_rules_and_traces_own_figures(home, campaign_folder):
    campaign = load_campaign(campaign_folder)
    errors = "\n".join(why_lines(home / "warehouse.duckdb", "findings_errors", campaign))
    assert "Số tin, bài nhiều hơn 5 lần số chi bộ" in errors
    large = "\n".join(why_lines(home / "warehouse.duckdb", "cells_large", campaign))
    assert "Số chi bộ có từ 30 đảng viên trở lên = 1" in large and "Chi bộ thôn Nam" in large


def test_own_template_prints_own_figure(home):
    report = Document(str(home / "reports" / AS_OF[:10] / REPORT.file_name))
    assert "Toàn huyện có 1 chi bộ từ 30 đảng viên trở lên." in [p.text for p in report.paragraphs]


def test_check_lists_the_own_files_that_it_found(campaign_folder):
    checked = tonghop("campaign", "check", campaign_folder)
    assert checked.returncode == 0, checked.stdout
    assert [
        line for line in checked.stdout.splitlines() if line.startswith((RULES, FIGURES, TEMPLATE))
    ] == [
        "rules.toml: thêm 2, đổi 1 (rules added, changed)",
        "figures.toml: thêm 1 (figures added)",
        "bao-cao-tong-hop.docx: mẫu báo cáo của đợt (the template of this campaign)",
    ]


def test_own_files_change_the_digest_but_not_what_is_staged(campaign_folder):
    own, built_in = load_campaign(campaign_folder), load_campaign()
    assert staged_version(own) == staged_version(built_in)
    assert own.digest != built_in.digest, "what was checked and built is not of this campaign"


def test_new_campaign_copies_own_files(campaign_folder, tmp_path):
    days = (dt.date(2023, 4, 3), dt.date(2023, 4, 15))
    plan = Plan(
        topic="Xây dựng chi bộ bốn tốt",
        area="huyện Lục Ngạn",
        windows={"cells": days, "orgs": days},
        deadline=dt.date(2023, 4, 18),
        units=campaign_folder / "units.csv",
        issuer="Ban Tuyên giáo Huyện ủy",
    )
    new = write_campaign(plan, campaign_folder, tmp_path / "new")
    assert [rule.key for rule in new.own.rules] == ["members_unlikely", "news_items_unlikely"]
    assert new.own.figures and new.own.template == (tmp_path / "new" / TEMPLATE).resolve()
    assert campaign_mistakes(tmp_path / "new") == []


@pytest.mark.parametrize("name", [RULES, FIGURES, TEMPLATE])
def test_each_own_file_changes_the_digest(campaign_folder, tmp_path, name):
    folder = shutil.copytree(campaign_folder, tmp_path / "campaign")
    (folder / name).unlink()
    assert load_campaign(folder).digest != load_campaign(campaign_folder).digest


RULE = {
    "key": '"large"',
    "name": '"Chi bộ đông"',
    "over": '"condition"',
    "section": '"cells"',
    "field": '"members_total"',
    "condition": '"members_total < 100"',
    "severity": '"warning"',
    "message": '"{label} ({value})"',
}
FIGURE = {
    "name": '"large"',
    "description": '"Chi bộ đông"',
    "query": '"SELECT count(*) FROM cell_meeting"',
    "format": '"count"',
    "trace": '{ table = "cell_meeting" }',
}
REFUSED_RULES = [  # the keys that are other than in RULE (None: left out), and the error
    ({"severity": '"warn"'}, "large.severity: is 'warn'; write 'error' or 'warning'"),
    ({"over": '"sql"'}, "large.over: is 'sql'; write 'condition'"),
    ({"name": None}, "large.name: is missing; add it"),
    ({"columns": '"x"'}, "large.columns: there is no such key; correct its name, or delete it"),
    ({"key": '"outside_window"'}, "outside_window: is a built-in rule; give this one another key"),
    ({"key": '"not_read"'}, "not_read: is a built-in rule; give this one another key"),
    (
        {"key": '"Chi bộ đông"'},
        "Chi bộ đông.key: is 'Chi bộ đông'; write small letters, digits and _",
    ),
    ({"section": '"cell"'}, "large.section: the form has no section 'cell'; it has info, cells"),
    ({"field": '"news_items"'}, "large.field: section cells has no field 'news_items'; it has"),
    ({"message": '"{member}"'}, "large.message: {member} cannot be filled in; write one of {choi"),
    ({"message": '"{value:>9}"'}, "large.message: {value:>9} cannot be filled in"),
    ({"message": '"{0}"'}, "large.message: {0} cannot be filled in"),
    ({"message": '"{value"'}, "large.message: expected '}' before end of string; write {name}"),
    ({"condition": '"membrs < 9"'}, 'cannot be computed: Binder Error: Referenced column "membrs"'),
    ({"condition": '"members_total"'}, "'members_total' is a INTEGER, neither true nor false"),
    ({"condition": '"members_total <"'}, "large.condition: 'members_total <' cannot be computed"),
    ({"condition": '"count(*) < 9"'}, "large.condition: 'count(*) < 9' cannot be computed"),
    ({"condition": '"(SELECT max(row) FROM batch_cells) < 9"'}, "write an expression over one row"),
    ({"condition": '"held_on <= current_date"'}, "asks for current_date, which another run of the"),
    (
        {"condition": '"random() < 0.5"'},
        "asks for random(), which another run of the same night wo",
    ),
    ({"condition": '"members_total > 3) OR (true"'}, "true' cannot be computed: Parser Error"),
]
REFUSED_CHANGES = [
    ('key = "outside_windw"\nseverity = "error"', "outside_windw: names no built-in rule"),
    ('key = "outside_window"', "outside_window: changes nothing; add severity or message"),
    ('key = "outside_window"\nname = "x"', "outside_window.name: there is no such key"),
    ('key = "outside_window"\nmessage = "{day}"', "outside_window.message: {day} cannot be filled"),
    ('key = "not_read"\nmessage = "x"', "not_read.message: is made where files are read"),
    ('key = "large"\nseverity = "error"', "large: names no built-in rule; correct the key"),
]
REFUSED_FIGURES = [
    (
        {"name": '"cells_held"'},
        "cells_held: is a figure of the product; give this one another name",
    ),
    ({"format": '"money"'}, "large.format: is 'money'; write 'count', 'percent' or 'decimal'"),
    ({"trace": None}, "large.trace: is missing; add it"),
    ({"unit": '"x"'}, "large.unit: there is no such key"),
    ({"query": '"SELECT name FROM cell_meeting"'}, "yields VARCHAR; make it one number"),
    ({"query": '"SELECT count(*), 1 FROM village"'}, "yields BIGINT, INTEGER; make it one number"),
    ({"query": '"SELECT count(*) FROM cells"'}, "large: 'SELECT count(*) FROM cells' is no query"),
    ({"trace": '{ table = "village", fields = ["x"] }'}, "large.trace: 'SELECT x FROM village' is"),
    (
        {"query": '"SELECT count(*) FROM village WHERE random() < 0.5"'},
        "asks for random(), which another run of the same night would answer otherwise; write the",
    ),
    (
        {"trace": '{ table = "cell_meeting", condition = "held_on < now()" }'},
        "large.trace: 'SELECT * FROM cell_meeting WHERE held_on < now()' asks for now(), which",
    ),
    ({"needs": '["info.x"]'}, "large.needs: the campaign has no info.x"),
    ({"each": '{ over = "field", section = "x" }'}, "large.each: gives no figure with this form"),
    ({"query": '"SELECT {{ n }}"'}, "large: each gives no word 'n'"),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    return shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")


def entry(table: str, keys: dict[str, str], other: dict[str, str | None]) -> str:
    written = {key: value for key, value in {**keys, **other}.items() if value is not None}
    return "\n".join([f"[[{table}]]", *(f"{key} = {value}" for key, value in written.items()), ""])


@pytest.mark.parametrize(("other", "error"), REFUSED_RULES)
def test_invalid_rule_is_refused(folder, other, error):
    (folder / RULES).write_text(entry("rule", RULE, other), encoding="utf-8")
    found = [str(mistake) for mistake in campaign_mistakes(folder)]
    assert len(found) == 1 and found[0].startswith("rules.toml: ") and error in found[0]


@pytest.mark.parametrize(("change", "error"), REFUSED_CHANGES)
def test_invalid_change_of_a_rule_is_refused(folder, change, error):
    rule = entry("rule", RULE, {})
    (folder / RULES).write_text(f"{rule}[[change]]\n{change}\n", encoding="utf-8")
    found = [str(mistake) for mistake in campaign_mistakes(folder)]
    assert len(found) == 1 and found[0].startswith("rules.toml: ") and error in found[0]


@pytest.mark.parametrize(("other", "error"), REFUSED_FIGURES)
def test_invalid_figure_is_refused(folder, other, error):
    (folder / FIGURES).write_text(entry("figure", FIGURE, other), encoding="utf-8")
    found = [str(mistake) for mistake in campaign_mistakes(folder)]
    assert len(found) == 1 and found[0].startswith("figures.toml: ") and error in found[0]


def test_mistakes_of_all_own_files_are_reported_at_once(folder):
    rules = [
        entry("rule", RULE, {"severity": '"warn"'}),
        entry("rule", RULE, {"key": '"b"', "field": '"x"', "condition": '"membrs < 9"'}),
        entry("rule", RULE, {"key": '"c"', "message": '"{member}"'}),
        '[rules]\nkey = "d"\n',
    ]
    (folder / RULES).write_text("\n".join(rules), encoding="utf-8")
    (folder / FIGURES).write_text(entry("figure", FIGURE, {"format": '"x"'}), encoding="utf-8")
    (folder / TEMPLATE).write_bytes(b"no document")
    checked = tonghop("campaign", "check", folder)
    assert checked.returncode == 1
    for line in (
        "rules.toml: large.severity: ",
        "rules.toml: b.field: ",
        "rules.toml: b.condition: ",
        "rules.toml: c.message: ",
        "rules.toml: rules: cannot be used here; write [[rule]] or [[change]]",
        "figures.toml: large.format: ",
        "bao-cao-tong-hop.docx: ",
    ):
        assert line in checked.stdout


@pytest.mark.parametrize("name", [RULES, FIGURES])
def test_file_that_is_not_toml_is_named_with_its_line(folder, name):
    (folder / name).write_text("[[rule]\n", encoding="utf-8")
    (found,) = campaign_mistakes(folder)
    assert found.file == name and "line 1" in found.problem


def test_repeated_key_is_refused(folder):
    (folder / RULES).write_text(entry("rule", RULE, {}) * 2, encoding="utf-8")
    assert "rules.toml: large: stands 2 times; leave one of them" in map(
        str, campaign_mistakes(folder)
    )


def test_night_does_not_start_with_an_invalid_rule(folder, tmp_path):
    (folder / RULES).write_text(entry("rule", RULE, {"condition": '"x"'}), encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    now = load_campaign().campaign.deadline
    tonight = parse_night(
        str(tmp_path / "inbox"), str(tmp_path / "home"), None, str(folder), "run", now=now
    )
    with pytest.raises(CampaignError, match=r"large\.condition"):
        stages.open_work(tonight)
    assert not (tmp_path / "home" / "work").exists()


# the number of its last paragraph before the heads of pages
LAST = sum(p.style != "header" for p in read_paragraphs(BUILT_IN_TEMPLATE))
TEMPLATES = [  # a sentence of the template, and the error
    ("{{ so.cells_hold }}", f"paragraph {LAST + 1}: so.cells_hold is no figure of figures.toml"),
    ("{%p if so.cells_held %}", f"paragraph {LAST + 1}: if is never closed"),
    ("{{ so.cells_held", f"paragraph {LAST + 1}: {{{{ has no other half in its paragraph"),
]


@pytest.mark.parametrize(("sentence", "error"), TEMPLATES)
def test_template_with_invalid_tags_is_refused(folder, sentence, error):
    template = Document(str(BUILT_IN_TEMPLATE))
    template.add_paragraph(sentence)
    template.save(str(folder / TEMPLATE))
    found = [str(mistake) for mistake in campaign_mistakes(folder)]
    assert len(found) == 1 and found[0].startswith("bao-cao-tong-hop.docx: ") and error in found[0]


def test_template_without_the_reports_styles_is_refused(folder):
    Document().save(str(folder / TEMPLATE))
    found = [str(mistake) for mistake in campaign_mistakes(folder)]
    assert any("Thân bài: the style is missing; begin with a copy" in one for one in found)


def test_bundled_template_has_no_mistakes(folder):
    shutil.copyfile(BUILT_IN_TEMPLATE, folder / TEMPLATE)
    assert campaign_mistakes(folder) == []


def test_condition_that_is_null_is_no_breach(findings):
    assert "07528" not in [found[0] for found in findings["members_unlikely"]]


def test_condition_that_fails_on_a_value_is_no_breach(tmp_path):
    folder = shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")
    other = {"field": '"name"', "condition": '"name::INTEGER > 3"', "message": '"{name}"'}
    (folder / RULES).write_text(entry("rule", RULE, other), encoding="utf-8")
    cells = [meeting("Chi bộ 1", 9), meeting("2", 9), meeting("4", 9)]
    reports = [Report("07531", "2022-04-15T08:00:00+07:00", cells=cells)]
    with night(tmp_path / "night", load_campaign(folder), reports, AS_OF) as con:
        found = fetch(con, "SELECT row_name, message FROM finding WHERE rule = 'large'")
    assert found == [("2", "2")]


def test_messages_show_marks_choices_days_and_communes_in_words(tmp_path):
    folder = shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")
    of_cells = {"condition": '"false"', "message": '"{content_1} {mode} {held_on} {kind} {raw}"'}
    of_orgs = {
        "key": '"b"',
        "section": '"orgs"',
        "condition": '"false"',
        "message": '"{organisation} {commune} {commune_code}"',
    }
    rules = entry("rule", RULE, of_cells) + entry("rule", RULE, of_orgs)
    (folder / RULES).write_text(rules, encoding="utf-8")
    orgs = [{"organisation": "youth_union", "commune": "07531", "members_total": 5}]
    cells = [meeting("Chi bộ 1", 1200)]
    reports = [Report("07531", "2022-04-15T08:00:00+07:00", cells=cells, orgs=orgs)]
    with night(tmp_path / "night", load_campaign(folder), reports, AS_OF) as con:
        found = dict(fetch(con, "SELECT rule, message FROM finding WHERE rule IN ('large', 'b')"))
    assert found["large"] == "có Riêng 05/04/2022 (trống) 1200"
    assert found["b"].endswith("Xã Tân Sơn Xã Tân Sơn") and "youth" not in found["b"]


def test_officer_can_accept_a_breach_of_an_own_rule(home, campaign_folder, tmp_path):
    copy = shutil.copytree(home, tmp_path / "home")
    asked = ("--home", copy, "--campaign", campaign_folder, "--reason", "Đã gọi xác nhận")
    unnamed = tonghop("decide", "accept", "07540.xlsx", *asked)
    assert "Số tin, bài nhiều hơn 5 lần số chi bộ" in unnamed.stdout + unnamed.stderr
    named = tonghop("decide", "accept", "07540.xlsx", "--rule", "news_items_unlikely", *asked)
    assert named.returncode == 0, named.stderr
