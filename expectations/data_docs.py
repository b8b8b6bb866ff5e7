"""The Data Docs of a night: a small static site of what was validated, drawn by Great Expectations'
own renderers.

Its pages are put into a plain frame of ours, since the one that comes with the library fetches a
dozen scripts and styles from the network. A check shows at most ten failing places, so that the
site stays small whatever the night.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from expectations.asked_numbers import units_frame
from expectations.peer_scopes import peers_frame
from expectations.queries import query
from expectations.suites import ValidatedFrame, as_html, check_meta
from sources.campaigns import Campaign
from sources.moments import moment_text

SAMPLES = 10
TITLES = {
    "submission": "Tệp báo cáo",
    "sources": "So sánh hai nguồn: tổ chức huyện và xã, thị trấn",
    "files": "So sánh giữa các tệp của một đơn vị",
    "register": "So với danh sách của huyện",
    "copies": "Bảng giống bảng của đơn vị khác",
}
PEERS_TITLE = "So với mức thường gặp: {}"
UNITS_TITLE = "Số liệu mỗi đơn vị phải có: {}"


def write_data_docs(
    con: duckdb.DuckDBPyConnection,
    validated: list[ValidatedFrame],
    campaign: Campaign,
    as_of: dt.datetime,
    docs_dir: Path,
) -> None:
    """Writes `index.html` and a page per suite into `docs_dir`; they need no network."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    docs_dir.mkdir(parents=True, exist_ok=True)
    view = DefaultJinjaPageView(custom_views_directory=str(Path(__file__).parent))
    view.env.filters["generate_html_element_uuid"] = str  # at random: equal nights have equal pages
    renderer = ValidationResultsPageRenderer()
    samples = _samples(con)
    pages = []
    for one in validated:
        _show_samples(one, samples)
        # When the frame was loaded, by the clock; declared as always there, yet no renderer needs
        # it.
        one.result.meta.pop("batch_markers", None)  # type: ignore[misc]
        title = _title(one.name, campaign)
        html = view.render(renderer.render(one.result), template="data_docs_page.j2", heading=title)
        (docs_dir / f"{one.name}.html").write_text(html, encoding="utf-8")
        pages.append(
            {
                "file": f"{one.name}.html",
                "title": title,
                "rows": one.rows,
                "checks": len(one.result.results),
                "failing": len(one.failing),
            }
        )
    index = view.env.get_template("data_docs_index.j2").render(
        pages=pages,
        campaign=campaign.campaign.name,
        as_of=moment_text(as_of, campaign.zone),
    )
    (docs_dir / "index.html").write_text(index, encoding="utf-8")


def _title(frame: str, campaign: Campaign) -> str:
    peers = {peers_frame(s): PEERS_TITLE.format(s.title) for s in campaign.form.sections}
    units = {units_frame(s): UNITS_TITLE.format(s.title) for s in campaign.form.sections}
    titles = {**TITLES, **peers, **units, **{s.key: s.title for s in campaign.form.sections}}
    return titles.get(frame, frame)


def _samples(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str | None, str | None], list[str]]:
    """Of each rule, section and field the first findings: file, row, sheet and cell, value; as
    HTML."""
    rows = con.execute(query("sample_places"), {"most": SAMPLES}).fetchall()
    samples: dict[tuple[str, str | None, str | None], list[str]] = {}
    for rule, section, field, place in rows:
        samples.setdefault((rule, section, field), []).append(as_html(place))
    return samples


def _show_samples(
    validated: ValidatedFrame, samples: dict[tuple[str, str | None, str | None], list[str]]
) -> None:
    """Replaces the row positions in the results by places in the files.

    For an expectation that holds, the number of failing rows is set to zero.
    """
    for one in validated.result.results:
        if one.success:
            one.result.update(
                element_count=validated.rows, unexpected_count=0, unexpected_percent=0.0
            )
            continue
        one.result.pop("unexpected_index_list", None)
        meta = check_meta(one)
        fields = meta["fields"] or [meta["field"]]
        places = [p for f in fields for p in samples.get((meta["rule"], meta["section"], f), ())]
        one.result["partial_unexpected_list"] = places[:SAMPLES]
