"""The consolidated report: a Party document whose every number is a figure, at every stage of a
campaign."""

import datetime as dt
import re
import shutil
import time
import zipfile
from pathlib import Path

import duckdb
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docxtpl import DocxTemplate
from nights import Report, night

from sources.campaigns import DEFAULT_CAMPAIGN, Campaign, load_campaign
from sources.text import fold
from warehouse.figures import figure_values, load_figures
from warehouse.reports.charts import Day, Share, heads_chart, progress_chart
from warehouse.reports.consolidated import TEMPLATE, DocumentRefused, write_report
from warehouse.reports.document_check import QUOTE_STYLE, all_paragraphs, check_document
from warehouse.reports.quotes import is_empty_answer
from warehouse.reports.template_figures import FigureNotDeclared, TemplateFigure, TemplateFigures

BEFORE, AFTER = "2022-04-16T20:00:00+07:00", "2022-04-19T20:00:00+07:00"
XA_LY, TAN_SON, CAM_SON, NAM_DUONG, BIEN_SON, YOUTH = (
    "07540",
    "07531",
    "07528",
    "07603",
    "07555",
    "219-DTN",
)
ROADS = "Đường sá khó khăn; <b>mưa</b> & lũ {{ so.cells_held }} None."


def cell(name: str, held_on: str | None, **values: object) -> dict:
    return {
        "name": name,
        "held_on": held_on,
        "mode": "separate" if held_on else None,
        "members_total": 1020,
        "members_attended": 918 if held_on else None,
        "committee_attended": False,
        "content_1": bool(held_on),
        "content_2": bool(held_on),
        "content_3": False,
        "members_assigned": 4,
        "covid_safe": bool(held_on),
        **values,
    }


def village(name: str, party: bool) -> dict:
    return {
        "name": name,
        "head_is_party": party,
        "deputy_is_party": party,
        "candidate_is_party": True,
    }


def commune(
    code: str, received_at: str = "2022-04-15T08:00:00+07:00", **sections: object
) -> Report:
    values = {
        "info": {
            "directing_documents": 2,
            "material_14_ct_tu": True,
            "cells_total": 3,
            "cells_held": 2,
            "committee_members_assigned": 5,
            "prospects_introduced": 3,
            "prospects_village_heads": 1,
            "villages_total": 2,
            "village_heads_party": 1,
            "news_items": 7,
        },
        "text": {"difficulties": ROADS, "proposals": "Không có."},
        "cells": [
            cell("Chi bộ A", "2022-04-03"),
            cell("Chi bộ B", "2022-04-16", mode="combined"),
            cell("Chi bộ C", None),
        ],
        "villages": [village("Thôn Một", True), village("Thôn Hai", False)],
    }
    return Report(code, received_at, **{**values, **sections})


def line(commune_code: str, organisation: str = "youth_union", held: int = 7) -> dict:
    return {
        "organisation": organisation,
        "commune": commune_code,
        "branches_total": 8,
        "branches_held": held,
        "held_separately": held,
        "held_combined": 0,
        "first_on": "2022-04-05",
        "last_on": "2022-04-15",
        "members_total": 1100,
        "members_attended": 1050,
        "content_1": True,
        "content_2": True,
        "content_3": True,
        "covid_safe": True,
    }


TOTALS = {
    "info": {
        "cells_total": 12,
        "cells_held": 10,
        "members_total": 300,
        "members_attended": 280,
        "villages_total": 8,
        "village_heads_party": 5,
    },
    "cells": [],
    "villages": [],
    "text": {
        "difficulties": ROADS.replace("; ", ";  ").rstrip("."),
        "proposals": "Đề nghị mở lớp.",
    },
}
PART = [
    commune(XA_LY),
    commune(TAN_SON, "2022-04-18T08:15:00+07:00"),
    commune(NAM_DUONG, **TOTALS),
    commune(BIEN_SON, cells=[cell("Chi bộ I", "2022-04-10", members_attended=5000)]),
    Report(YOUTH, "2022-04-14T09:00:00+07:00", orgs=[line(XA_LY), line(CAM_SON, held=8)]),
]
STATES = {
    "some": (PART, AFTER),
    "nothing": ([], BEFORE),
    "one organisation": ([PART[-1]], BEFORE),
    "one commune, by totals, unknown": (
        [
            commune(
                NAM_DUONG, info={"cells_total": 12, "cells_held": 0}, cells=[], villages=[], text={}
            )
        ],
        AFTER,
    ),
}


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign()


@pytest.fixture(scope="module")
def everyone(campaign) -> list[Report]:
    """Every unit has reported in time, and everything was done."""
    done = {
        "cells": [cell("Chi bộ A", "2022-04-05", content_3=True, committee_attended=True)],
        "villages": [{"name": "Thôn Một", "head_is_party": True, "candidate_is_party": True}],
        "text": {"difficulties": "Không", "advantages": "Thuận lợi."},
        "info": {f.key: True for f in campaign.form.by_key["info"].fields if f.type == "mark"},
    }
    return [
        *(commune(u.code, **done) for u in campaign.registry.communes),
        *(
            Report(
                u.code,
                "2022-04-14T09:00:00+07:00",
                orgs=[line(c.code, u.kind, held=8) for c in campaign.registry.communes],
            )
            for u in campaign.registry.organisations
        ),
    ]


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory, campaign, everyone
) -> dict[str, tuple[Path, duckdb.DuckDBPyConnection]]:
    """Each state's written report and its warehouse."""
    written = {}
    for name, (files, as_of) in {**STATES, "all": (everyone, AFTER)}.items():
        folder = tmp_path_factory.mktemp("report")
        con = night(folder, campaign, [r for r in files if r.received_at <= as_of], as_of)
        target = folder / "bao-cao-tong-hop.docx"
        write_report(con, campaign, dt.datetime.fromisoformat(as_of), target)
        written[name] = target, con
    return written


ALL_STATES = [*STATES, "all"]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
NOT_A_FIGURE = re.compile(
    r"\d{2} giờ \d{2} phút|(?:ngày )?\d{1,2}/\d{1,2}/\d{4}|từ ngày \d{2} đến|tháng \d+ năm \d+|\d{4}-\d{4}|"
    r"nội dung 2\.\d|14-CT/TU|64-KH/HU|40/KH-UBND|Covid-19|Bảng \d|Biểu đồ \d|điểm \d|số \d[,:]|Phụ lục số \d|^\d\. ",
    re.I | re.M,
)


def text_of(path: Path, quotes: bool = True) -> str:
    """The report's text, paragraph by paragraph, tables too."""
    return "\n".join(
        p.text for p in all_paragraphs(Document(str(path))) if quotes or p.style.name != QUOTE_STYLE
    )


@pytest.mark.parametrize("state", ALL_STATES)
def test_report_follows_the_party_document_layout(reports, campaign, state):
    assert check_document(reports[state][0], campaign) == []


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_known_figure_is_printed(reports, state):
    path, con = reports[state]
    text = text_of(path)
    numbers = set(NUMBER.findall(text))
    gone = {
        name: f.printed
        for name, f in figure_values(con).items()
        if f.value is not None and f.printed != "0" and f.printed not in numbers
    }
    assert gone == {}


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_number_in_the_text_is_a_figure(reports, state):
    path, con = reports[state]
    known = {f.printed for f in figure_values(con).values()}
    rest = NOT_A_FIGURE.sub(" ", text_of(path, quotes=False))
    assert set(NUMBER.findall(rest)) - known == set()


@pytest.mark.parametrize("state", ALL_STATES)
def test_sentences_are_complete(reports, state):
    for paragraph in all_paragraphs(Document(str(reports[state][0]))):
        if paragraph.style.name == "Thân bài":
            text = paragraph.text
            assert re.search(r"[.:;\]]$", text), text
            assert not re.search(
                r"\s[,.;:]|\s\s|\.\.|[,;]\s*[,;.]|\(\s*\)|ngày ngày|\b0 |[( ]0/", text
            ), text
            assert text[0].isupper() or text[0] in "-[", text


def test_report_states_what_units_did(reports):
    text = text_of(reports["some"][0])
    for sentence in (
        "có 4/35 đơn vị có báo cáo được tổng hợp (đạt 11,4%), gồm 3/29 xã, thị trấn và 1/6 đơn vị MTTQ",
        "Có 14/18 chi bộ (77,8%) của các xã, thị trấn có báo cáo đã tổ chức sinh hoạt chuyên đề; còn 4 chi bộ chưa",
        "2 buổi ngoài thời gian quy định, có danh sách tại Phụ lục số 4; 10 buổi chỉ được báo cáo trong số tổng hợp",
        "Các đơn vị gửi chậm: xã Tân Sơn (08 giờ 15 phút ngày 18/4/2022).",
        "Các đơn vị chỉ báo cáo số tổng hợp, không có số liệu chi tiết theo từng chi bộ: xã Nam Dương.",
        "- Xã Biên Sơn: ",
        "- Còn 4 chi bộ chưa tổ chức sinh hoạt chuyên đề.",
    ):
        assert sentence in text
    assert "xã Thanh Hải" in next(
        line for line in text.splitlines() if line.startswith("Các đơn vị chưa gửi báo cáo")
    )


def test_identical_unit_texts_appear_once_verbatim(reports):
    text = text_of(reports["some"][0])
    assert text.count("mưa") == 1
    assert f"- “{ROADS}” (xã Tân Sơn, xã Xa Lý, xã Nam Dương)" in text
    assert "“Không có.”" not in text


@pytest.mark.parametrize(
    ("written", "nothing"),
    [
        ("Không có.", True),
        ("Không", True),
        ("Không có đề xuất, kiến nghị gì", True),
        ("", True),
        ("...", True),
        ("Đề nghị mở lớp.", False),
        ("Không có kinh phí", False),
        ("Không có hội trường; đề nghị hỗ trợ", False),
    ],
)
def test_empty_phrases_are_left_out(campaign, written, nothing):
    assert (
        is_empty_answer(written, campaign.form.field("text", "proposals"), campaign.form) is nothing
    )


def test_report_is_draft_before_deadline(reports):
    drafts = {
        state: "Dự thảo" in text_of(path).splitlines() for state, (path, _) in reports.items()
    }
    assert {state for state, draft in drafts.items() if draft} == {"nothing", "one organisation"}


def test_unknown_number_is_not_zero(reports):
    text = text_of(reports["one commune, by totals, unknown"][0])
    assert "Những nội dung chưa có số liệu: " in text
    assert "số tin, bài, lượt phát thanh tuyên truyền" in text
    assert "Các đơn vị chưa báo cáo có tin, bài" not in text


def test_nobody_is_missing_when_all_reported(reports):
    text = text_of(reports["all"][0])
    assert "tất cả 35/35 đơn vị (100%) đã có báo cáo được tổng hợp" in text
    assert "đều đã tổ chức sinh hoạt chuyên đề" in text
    assert not re.search("chưa gửi báo cáo:|gửi chậm:|phải trả lại, chưa", text)


def test_same_night_gives_same_bytes(reports, campaign, tmp_path):
    path, con = reports["some"]
    write_report(con, campaign, dt.datetime.fromisoformat(AFTER), tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert Document(str(path)).core_properties.modified.isoformat() == "2022-04-19T13:00:00+00:00"


def test_signature_stays_on_the_page_of_its_text(reports):
    document = Document(str(reports["some"][0]))
    table = document.tables[-1]
    assert table._tbl.xpath(".//w:cantSplit")
    closing = next(p for p in all_paragraphs(document) if p.text.endswith("./."))
    assert closing.paragraph_format.keep_with_next
    assert [p.text for p in table.rows[0].cells[1].paragraphs] == ["TRƯỞNG BAN", "", "", "", "", ""]
    assert [p.text for p in table.rows[0].cells[0].paragraphs][-1] == "- Lưu Ban Tuyên giáo."


def test_deputy_signs_on_behalf_of_the_head(reports, campaign, tmp_path):
    about = campaign.document.model_copy(
        update={"signer_deputy": True, "signer_name": "Nguyễn Văn An"}
    )
    deputy = campaign.model_copy(update={"document": about})
    write_report(
        reports["some"][1], deputy, dt.datetime.fromisoformat(AFTER), tmp_path / "report.docx"
    )
    signature = Document(str(tmp_path / "report.docx")).tables[-1].rows[0].cells[1]
    assert [p.text for p in signature.paragraphs if p.text] == [
        "K/T TRƯỞNG BAN",
        "PHÓ TRƯỞNG BAN",
        "Nguyễn Văn An",
    ]


def test_pictures_have_alternative_text(reports):
    document = Document(str(reports["some"][0]))
    texts = [d.get("descr") for d in document.element.body.iter(qn("wp:docPr"))]
    assert len(texts) == 2
    assert "Xã Xa Lý: 50,0%, nhân sự dự kiến 100%" in texts[0]
    assert "hết ngày 19/4: 4" in texts[1]


@pytest.mark.parametrize(
    ("first", "today"),
    [(dt.date(2, 1, 1), dt.date(2022, 4, 19)), (dt.date(2022, 4, 10), dt.date(2299, 1, 1))],
)
def test_progress_chart_is_limited_to_days_near_deadline(first, today):
    begun = time.monotonic()
    told = progress_chart(
        [Day(first, 1), Day(dt.date(2022, 4, 14), 3)], 35, dt.date(2022, 4, 18), today
    ).alt_text
    assert "hết ngày 14/4/2022: 4" in told and f"hết ngày {today.day}/{today.month}/" in told
    assert told.endswith(": 4.")
    assert told.count("hết ngày") <= 124
    assert time.monotonic() - begun < 10


def test_same_numbers_give_the_same_chart_bytes():
    shares = [Share(f"Xã {n}", n / 100, None if n % 3 else 1.0) for n in range(80)]
    days = [Day(dt.date(2022, 4, 14), 3), Day(dt.date(2022, 4, 19), 1)]
    first, again = heads_chart(shares), heads_chart(list(reversed(shares)))
    assert first.png == again.png
    assert "Xã 0:" in first.alt_text and "Xã 79:" not in first.alt_text, (
        "of too many communes the lowest are shown"
    )
    assert progress_chart(days, 35, dt.date(2022, 4, 18), dt.date(2022, 4, 19)).alt_text.endswith(
        "hết ngày 18/4: 3; hết ngày 19/4: 4."
    )


def test_template_names_only_declared_figures(campaign):
    template = DocxTemplate(TEMPLATE)
    template.init_docx()
    source = template.patch_xml(template.get_xml())
    printed = re.findall(r"(?<!\.)\bso\.([a-z0-9_.]+)", source)
    named = {re.sub(r"\.(value|known)$", "", name) for name in printed} - {"con_lai"}
    assert named - {f.name for f in load_figures(campaign)} == set()


def test_printing_an_undeclared_figure_names_it():
    with pytest.raises(FigureNotDeclared, match="cels_held"):
        str(TemplateFigures([TemplateFigure("cells_held", 3, "3")])["cels_held"])


@pytest.fixture(scope="module")
def other_campaign(tmp_path_factory) -> Campaign:
    """A field fewer in three sections, a count and a text more, and no district organisations."""
    folder = tmp_path_factory.mktemp("campaign") / "other"
    shutil.copytree(DEFAULT_CAMPAIGN, folder)
    form = (folder / "form.toml").read_text(encoding="utf-8")
    for section, key in (
        ("info", "news_items"),
        ("cells", "covid_safe"),
        ("villages", "deputy_is_party"),
    ):
        start = form.index(f'key = "{key}"', form.index(f'key = "{section}"\n'))
        begin = form.rindex("[[section.field]]", 0, start)
        end = min(at for word in ("[[section", "[words]") if (at := form.find(word, start)) > 0)
        form = form[:begin] + form[end:]
    more = (
        '  [[section.field]]\n  key = "{key}"\n  label = "{label}"\n  type = "{type}"\n  clause = "III"\n'
        '  description = "{key}"\n{also}\n'
    )
    start = form.index("[[section.field]]", form.index('key = "info"\n'))
    form = (
        form[:start]
        + more.format(
            key="leaflets", label="Số tờ rơi đã phát", type="count", also="  summed = true\n"
        ).lstrip()
        + "  "
        + form[start:]
    )
    start = form.index("[[section.field]]", form.index('key = "text"\n'))
    form = (
        form[:start]
        + more.format(key="lessons", label="Bài học kinh nghiệm", type="text", also="").lstrip()
        + "  "
        + form[start:]
    )
    (folder / "form.toml").write_text(form, encoding="utf-8")
    units = (folder / "units.csv").read_text(encoding="utf-8").splitlines()
    (folder / "units.csv").write_text(
        "\n".join(u for u in units if not u.startswith("219-")), encoding="utf-8"
    )
    return load_campaign(folder)


def test_report_of_another_campaign_needs_no_code_changes(other_campaign, tmp_path):
    report = commune(XA_LY)
    report.info |= {"leaflets": 4321}
    report.text |= {"lessons": "Chuẩn bị kỹ."}
    for row in (*report.cells, *report.villages, report.info):
        for dropped in ("covid_safe", "deputy_is_party", "news_items"):
            row.pop(dropped, None)
    con = night(tmp_path / "night", other_campaign, [report], AFTER)
    write_report(con, other_campaign, dt.datetime.fromisoformat(AFTER), tmp_path / "report.docx")
    text = text_of(tmp_path / "report.docx")
    assert "Số tờ rơi đã phát\n4.321" in text
    assert "Về bài học kinh nghiệm, các đơn vị nêu:\n- “Chuẩn bị kỹ.” (xã Xa Lý)" in text
    assert not re.search("tin, bài|Covid|phó thôn, tổ phó|đơn vị MTTQ", text)


WRONG = [
    (
        lambda d: setattr(d.sections[0], "left_margin", d.sections[0].right_margin),
        "left margin: 15.0 mm, not 30.0 mm",
    ),
    (
        lambda d: setattr(d.paragraphs[-1].add_run("x").font, "name", "Arial"),
        "fonts other than Times New Roman: Arial",
    ),
    (
        lambda d: setattr(d.styles["Thân bài"].font, "size", Pt(13)),
        "body size: 13.0 pt, not 14.0 pt",
    ),
    (
        lambda d: setattr(d.sections[0], "different_first_page_header_footer", False),
        "first page must bear no number",
    ),
    (lambda d: d.add_paragraph("còn {{ so.x }}"), "left over from the template: '{{'"),
    (lambda d: d.add_paragraph("Có None chi bộ"), "left over from the template: 'None'"),
    (lambda d: d.tables[-1]._tbl.getparent().remove(d.tables[-1]._tbl), "missing: Nơi nhận:"),
]


@pytest.mark.parametrize(("break_it", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_defective_report_is_detected(reports, campaign, tmp_path, break_it, problem):
    document = Document(str(reports["some"][0]))
    break_it(document)
    document.save(str(tmp_path / "wrong.docx"))
    assert any(problem in p for p in check_document(tmp_path / "wrong.docx", campaign))


def test_defective_report_does_not_replace_the_old_one(reports, campaign, tmp_path, monkeypatch):
    broken = Document(str(TEMPLATE))
    broken.tables[-1]._tbl.getparent().remove(broken.tables[-1]._tbl)
    broken.save(str(tmp_path / "template.docx"))
    monkeypatch.setattr("warehouse.reports.consolidated.TEMPLATE", tmp_path / "template.docx")
    target = tmp_path / "out" / "report.docx"
    with pytest.raises(DocumentRefused, match="Nơi nhận"):
        write_report(reports["some"][1], campaign, dt.datetime.fromisoformat(AFTER), target)
    assert list(target.parent.iterdir()) == []


def test_place_and_recipients_are_in_head_and_foot(reports):
    text = fold(text_of(reports["some"][0]))
    assert "luc ngan ngay thang 4 nam 2022" in text
    assert "so bc btghu" in text
