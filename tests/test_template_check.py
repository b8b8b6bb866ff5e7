"""Mistakes in a Word template are found before a report is written; the template is kept as text
too."""

import datetime as dt
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from nights import night

from sources.campaigns import load_campaign
from warehouse.figures import built_in_figures, load_figures
from warehouse.reports.narrative import report_context
from warehouse.reports.section_numbers import SectionNumbers
from warehouse.reports.template_check import CONTEXT, template_mistakes
from warehouse.reports.template_paragraphs import TEMPLATE, read_paragraphs
from warehouse.reports.template_text import TEMPLATES, main, template_text

FIGURES = {f.name for f in load_figures(load_campaign()) if f.in_report}
ELSEWHERE = {f.name for f in built_in_figures()}
AS_OF = "2022-04-17T20:00:00+07:00"


def template_with(folder: Path, old: str, new: str) -> Path:
    """The product's template with one text exchanged, at its first place."""
    changed = folder / "mau.docx"
    with zipfile.ZipFile(TEMPLATE) as package, zipfile.ZipFile(changed, "w") as copy:
        for member in package.infolist():
            content = package.read(member)
            if member.filename == "word/document.xml":
                assert old in content.decode(), old
                content = content.decode().replace(old, new, 1).encode()
            copy.writestr(member, content)
    return changed


def test_product_template_has_no_mistakes() -> None:
    assert template_mistakes(TEMPLATE, FIGURES, ELSEWHERE) == []


def test_paragraphs_are_read_with_style_and_tags() -> None:
    paragraphs = read_paragraphs(TEMPLATE)
    assert paragraphs[0] == ("paragraph 1", "Điều kiện", "{%p if vb.du_thao %}")
    assert paragraphs[6].text == "Số {{ vb.so }}-{{ vb.ky_hieu }}"
    assert "{{ s.nhan }}" in {paragraph.text for paragraph in paragraphs}, "tables are read too"


WRONG = [  # text of the template, what is put there, and the mistake
    ("{{ vb.cap_tren }}", "HUYỆN ỦY", "mau.docx: the tag {{ vb.cap_tren }} is missing; put it"),
    (
        "{{ vb.nguoi_ky }}",
        "{{ vb.ten }}",
        "mau.docx: PLACE: vb.ten is not one of vb.cap_tren",
    ),
    (
        "{{ so.units_directing }}",
        "{{ so.unit_directing }}",
        "mau.docx: PLACE: so.unit_directing is no figure of figures.toml; correct the name",
    ),
    (
        "{%p if so.news_items.value %}",
        "{%p if so.news_itms.value %}",
        "mau.docx: PLACE: so.news_itms is no figure",
    ),
    (
        "{{ dot.can_cu }}",
        "{{ doc.can_cu }}",
        "mau.docx: PLACE: doc is no name of the report",
    ),
    (
        "{%p if vb.du_thao %}",
        "{%p if vb.du_thao %} Bản",
        "mau.docx: PLACE: 'Bản' beside {%p if vb.du_thao %} is lost; put the tag into",
    ),
    ("{%p endif %}", "", "mau.docx: paragraph 1: if is never closed; add endif"),
    ("{%p else %}", "{%p endfor %}", "mau.docx: paragraph 18: endfor closes nothing that is open"),
    (
        "{{ vb.loai }}",
        "{{ vb.loai",
        "mau.docx: PLACE: {{ has no other half in its paragraph",
    ),
    (
        "{{ vb.loai }}",
        "{{ vb.loai + }}",
        "mau.docx: PLACE: unexpected 'end of print statement'",
    ),
    (
        "{{ vb.loai }}",
        "{{ vb.loai | uper }}",
        "mau.docx: PLACE: there is no 'uper'; correct",
    ),
]


@pytest.mark.parametrize(("old", "new", "mistake"), WRONG)
def test_mistake_is_reported_with_its_paragraph(tmp_path, old, new, mistake) -> None:
    found = list(map(str, template_mistakes(template_with(tmp_path, old, new), FIGURES, ELSEWHERE)))
    assert len(found) == 1 and found[0].startswith(mistake.replace("PLACE", place_of(old))), found


def place_of(text: str) -> str:
    """The place of the template's first paragraph with that text."""
    return next(p.place for p in read_paragraphs(TEMPLATE) if text in p.text)


def test_several_mistakes_are_reported_at_once(tmp_path) -> None:
    changed = template_with(tmp_path, "{{ vb.loai }}", "{{ vb.loaii }} {{ so.nope }}")
    found = [
        m.problem.split(";")[0].split(" is ")[0]
        for m in template_mistakes(changed, FIGURES, ELSEWHERE)
    ]
    assert found == ["vb.loaii", "so.nope", "the tag {{ vb.loai }}"]


def test_quotes_of_word_are_quotes_in_tags(tmp_path) -> None:
    tag = "{% if vb.loai == “BÁO CÁO” %}{{ vb.loai }}{% endif %}"
    assert (
        template_mistakes(template_with(tmp_path, "{{ vb.loai }}", tag), FIGURES, ELSEWHERE) == []
    )


def test_file_that_is_no_word_document_is_a_mistake(tmp_path) -> None:
    (tmp_path / "mau.docx").write_text("no zip")
    [mistake] = template_mistakes(tmp_path / "mau.docx", FIGURES)
    assert str(mistake).startswith("mau.docx: mau.docx is no Word document")


ADDRESS = "{{ dot.can_cu }}, {{ vb.don_vi }}"  # in a sentence under no figure's condition
GUARDED = [  # a sentence of a figure that only other campaigns have, and whether it is a mistake
    ("{{ so.news_items }}", True),
    ("{% if so.news_items %}{{ so.news_items }}{% endif %}", False),
    ("{% if so.news_items.value and so.cells_held %}{{ so.news_items }}{% endif %}", False),
    ("{% if so.news_items or so.cells_held %}{{ so.news_items }}{% endif %}", True),
    ("{% if not so.news_items %}không{% else %}{{ so.news_items }}{% endif %}", False),
    ("{% if so.cells_held %}{{ so.news_items }}{% endif %}", True),
    ("{% if so.cells_held %}có{% elif so.news_items.known %}{{ so.news_items }}{% endif %}", False),
]


@pytest.mark.parametrize(("sentence", "is_mistake"), GUARDED)
def test_figure_of_another_campaign_may_stand_under_its_condition(
    tmp_path, sentence, is_mistake
) -> None:
    changed = template_with(tmp_path, ADDRESS, sentence)
    found = template_mistakes(changed, FIGURES - {"news_items"}, ELSEWHERE)
    assert [m.key for m in found] == ([place_of(ADDRESS)] if is_mistake else [])


def test_names_that_are_checked_are_those_of_the_report(tmp_path) -> None:
    campaign = load_campaign()
    with night(tmp_path, campaign, [], AS_OF) as con:
        context = report_context(con, campaign, dt.datetime.fromisoformat(AS_OF))
    assert {*context, "hinh"} == CONTEXT.keys()
    checked = {
        name: keys
        for name, keys in CONTEXT.items()
        if keys is not None and name not in ("hinh", "muc")
    }
    assert all(hasattr(SectionNumbers, name) for name in CONTEXT["muc"] or ())
    assert checked == {name: context[name].keys() for name in checked}
    described = set(re.findall(r"\w+", TEMPLATE.with_name("README.md").read_text(encoding="utf-8")))
    assert {key for keys in CONTEXT.values() for key in keys or ()} <= described


def test_text_of_the_template_is_up_to_date(capsys, monkeypatch, tmp_path) -> None:
    assert {path.stem for path in TEMPLATES} == {"bao-cao-tong-hop", "bao-cao-bo-sung"}
    for path in TEMPLATES:
        assert path.with_suffix(".txt").read_text(encoding="utf-8") == template_text(path)
    assert main(["--check"]) == 0
    copy = shutil.copyfile(TEMPLATE, tmp_path / "mau.docx")
    monkeypatch.setattr("warehouse.reports.template_text.TEMPLATES", [*TEMPLATES, copy])
    assert main(["--check"]) == 1
    assert "run `python -m warehouse.reports.template_text`" in capsys.readouterr().err
