"""The consolidated report: a Party document whose every number is a figure, at every stage of a
campaign."""

import datetime as dt
import itertools
import re
import shutil
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
from warehouse.figures import built_in_figures, figure_values, load_figures
from warehouse.reports.charts import Share, heads_chart
from warehouse.reports.consolidated import TEMPLATE, DocumentRefused, write_report
from warehouse.reports.document_check import QUOTE_STYLE, all_paragraphs, check_document
from warehouse.reports.quotes import is_empty_answer, shortened
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
    r"(?:ngày )?\d{1,2}/\d{1,2}/\d{4}|từ ngày \d{2} đến|tháng \d+ năm \d+|\d{4}-\d{4}|"
    r"14-CT/TU|64-KH/HU|40/KH-UBND|Covid-19|Bảng \d|Biểu đồ \d|Phụ lục số \d|; số \d,|^\d\. ",
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
    numbers = set(NUMBER.findall(text_of(path)))
    printed = con.execute("SELECT figure, printed FROM report_figure WHERE value <> 0").fetchall()
    assert {name: text for name, text in printed if text.removeprefix("-") not in numbers} == {}


def test_report_of_a_full_campaign_has_no_left_over_figures(reports):
    for state in ("some", "all"):
        assert "Số liệu khác" not in text_of(reports[state][0])


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_number_in_the_text_is_a_figure(reports, state):
    path, con = reports[state]
    known = {f.printed.removeprefix("-") for f in figure_values(con).values()}
    known |= {f for (f,) in con.execute("SELECT printed FROM unit_figure").fetchall()}
    rest = NOT_A_FIGURE.sub(" ", text_of(path, quotes=False))
    assert set(NUMBER.findall(rest)) - known == set()


@pytest.mark.parametrize("state", ALL_STATES)
def test_sentences_are_complete(reports, state):
    for paragraph in all_paragraphs(Document(str(reports[state][0]))):
        if paragraph.style.name == "Thân bài":
            text = paragraph.text
            assert re.search(r"[.:;\]]$", text), text
            assert not re.search(
                r"\s[,.;:]|\s\s|\.\.|[,;]\s*[,;.]|\(\s*\)|ngày ngày|(?<![,.])\b0 |[( ]0/", text
            ), text
            assert text[0].isupper() or text[0] in "-[", text


def test_report_states_what_units_did(reports):
    text = text_of(reports["some"][0])
    for sentence in (
        "4/35 đơn vị (11,4%) đã có báo cáo được tổng hợp, gồm 3/29 xã, thị trấn và 1/6 đơn vị MTTQ",
        "14/18 chi bộ (77,8%) của 3/29 xã, thị trấn có số liệu đã tổ chức sinh hoạt chuyên đề; còn 4 chi bộ chưa",
        "2 buổi ngoài thời gian quy định, 10 buổi chưa rõ ngày do đơn vị chỉ báo cáo số tổng",
        "1 đơn vị gửi chậm: xã Tân Sơn;",
        "xã Nam Dương chỉ báo cáo số tổng của các chi bộ",
        "1 đơn vị đang hoàn thiện lại báo cáo: xã Biên Sơn (số đảng viên dự);",
        "- Còn 4 chi bộ và 1 chi hội, chi đoàn, ban công tác Mặt trận, công đoàn cơ sở chưa tổ chức",
        "Đã hết thời hạn gửi báo cáo (trước ngày 18/4/2022).",
    ):
        assert sentence in text
    assert "xã Thanh Hải" in text.partition("đơn vị chưa gửi báo cáo: ")[2]


@pytest.mark.parametrize("state", ALL_STATES)
def test_report_speaks_as_an_office_not_as_a_program(reports, state):
    words = r"\.xlsx|\.docx|tệp|giờ \d+ phút|quyết định của cán bộ|lỗi|điểm cần lưu ý|Chưa có số liệu về sinh"
    assert not re.search(words, text_of(reports[state][0], quotes=False))


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_heading_has_text_and_its_number_follows(reports, state):
    paragraphs = [p for p in all_paragraphs(Document(str(reports[state][0]))) if p.text.strip()]
    styles = [p.style.name for p in paragraphs]
    for style, following in itertools.pairwise(styles):
        assert (style, following) != ("Heading 2", "Heading 2")
        assert style != "Heading 1" or following != "Heading 1"
    sections = [p.text.partition(".")[0] for p in paragraphs if p.style.name == "Heading 1"]
    assert sections == ["I", "II", "III", "IV", "V"][: len(sections)]


def test_identical_unit_texts_appear_once_verbatim(reports):
    text = text_of(reports["some"][0])
    assert text.count("mưa") == 1
    assert f"- “{ROADS.rstrip('.')}” (xã Tân Sơn, xã Xa Lý, xã Nam Dương)" in text
    assert "“Không có.”" not in text


@pytest.mark.parametrize(
    ("written", "nothing"),
    [
        ("Không có.", True),
        ("Không", True),
        ("Không có đề xuất, kiến nghị gì", True),
        ("", True),
        ("...", True),
        ("Không có ý kiến gì lớn", True),
        ("Đề nghị mở lớp.", False),
        ("Không có kinh phí", False),
        ("Không có hội trường; đề nghị hỗ trợ", False),
    ],
)
def test_empty_phrases_are_left_out(campaign, written, nothing):
    assert (
        is_empty_answer(written, campaign.form.field("text", "proposals"), campaign.form) is nothing
    )


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("- Cấp ủy quan tâm\n- Đảng viên dự đủ.", "Cấp ủy quan tâm; Đảng viên dự đủ"),
        ("1. Mở lớp.\n2) Cấp tài liệu;", "Mở lớp; Cấp tài liệu"),
        ("Mở lớp - sớm.\nCấp tài liệu", "Mở lớp - sớm. Cấp tài liệu"),
    ],
)
def test_points_of_a_list_are_quoted_after_one_another(written, quoted):
    assert shortened(written) == quoted


def test_report_is_a_draft_also_after_the_deadline(reports):
    for state, (path, _) in reports.items():
        assert text_of(path).splitlines()[0] == "Dự thảo", state


def test_unknown_number_is_not_zero(reports):
    text = text_of(reports["one commune, by totals, unknown"][0])
    unknown = text.partition("chưa có số liệu về ")[2].partition(";")[0]
    assert "số tin, bài, lượt phát thanh tuyên truyền" in unknown
    assert "tin, bài" not in text.replace(unknown, "")


def test_nobody_is_missing_when_all_reported(reports):
    text = text_of(reports["all"][0])
    assert (
        "35/35 đơn vị (100%) đã có báo cáo được tổng hợp, gồm 29 xã, thị trấn và 6 đơn vị" in text
    )
    assert "Cả 29 chi bộ của 29 xã, thị trấn đã tổ chức sinh hoạt chuyên đề" in text
    assert not re.search("chưa gửi báo cáo:|gửi chậm:|hoàn thiện lại|chưa phải của toàn", text)


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
    assert len(texts) == 1
    assert "Xã Xa Lý: 50,0%, nhân sự dự kiến 100%" in texts[0]


def test_same_numbers_give_the_same_chart_bytes():
    shares = [Share(f"Xã {n}", n / 100, None if n % 3 else 1.0) for n in range(80)]
    first, again = heads_chart(shares), heads_chart(list(reversed(shares)))
    assert first.png == again.png
    assert "Xã 0:" in first.alt_text and "Xã 79:" not in first.alt_text, (
        "of too many communes the lowest are shown"
    )


def test_template_names_only_declared_figures(campaign):
    template = DocxTemplate(TEMPLATE)
    template.init_docx()
    source = template.patch_xml(template.get_xml())
    printed = re.findall(r"(?<!\.)\bso\.([a-z0-9_.]+)", source)
    named = {re.sub(r"\.(value|known|printed|khong_dau|thieu)$", "", name) for name in printed} - {
        "con_lai"
    }
    known = {f.name for f in load_figures(campaign)} | {f.name for f in built_in_figures()}
    assert named - known == set()


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
    assert "Về bài học kinh nghiệm, các đơn vị nêu:\n- “Chuẩn bị kỹ” (xã Xa Lý)." in text
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
