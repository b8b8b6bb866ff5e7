"""“Báo cáo”: the officer's part of the report, the documents of each night, and what was issued."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response
from starlette.routing import Route

from flows.commands.decision_checks import DecisionChecks
from flows.commands.report_part import MAX_NUMBER, PartError, checked_part, record_part
from flows.desk.downloads import attachment
from flows.desk.guard import Refusal, Visit, changing, looking
from flows.desk.pages.decisions import refuse
from flows.desk.report_files import (
    ReportFile,
    issued_file,
    issued_folders,
    report_days,
    report_file,
)
from flows.desk.typed_times import typed_day
from sources.campaigns import OfficersPart
from sources.decisions import REPORT_FIELDS, DecisionLog
from sources.nights import NightLog
from sources.officers_part import officers_part
from warehouse.reports import wording

NO_FILE = "Không có tệp này; mở lại trang Báo cáo."
TEXTS = ("introduction", "causes", "conclusions")
SHOWN = "truoc_"  # begins the names of what stood in the fields when the form was opened


def report(visit: Visit) -> Response:
    """The officer's part as it stands, the documents, the issued reports."""
    return _page(visit, part_values(_part(visit)))


def save(visit: Visit) -> Response:
    """Records the fields of the officer's part that were changed, as `tonghop decide report` does."""
    given = {field: visit.text(field) for field in REPORT_FIELDS}
    standing = part_values(_part(visit))
    shown = {field: _plain(visit.text(SHOWN + field)) for field in REPORT_FIELDS}
    try:
        checked = checked_part({**given, "date": typed_day(given["date"])})
        changed = {f: v for f, v in checked.items() if _plain(v) not in (shown[f], standing[f])}
        if decided := [f for f in changed if shown[f] != standing[f]]:
            values = standing | {field: given[field] for field in changed}
            return _page(visit, values, _decided_since(decided, standing), 409)
        if not changed:
            return visit.back("/bao-cao", "Không có gì thay đổi.")
        checks = DecisionChecks(visit.desk.home.folder, visit.desk.campaign_folder, refuse)
        now, account = dt.datetime.now(dt.UTC), visit.session.account.name
        recorded = record_part(checks, account, visit.reason(), None, now, changed)
    except PartError as error:
        label = wording.REPORT_FIELDS[error.field]
        return _page(visit, given, f"{label}: {error.problem.sentence}.", 422, shown)
    except Refusal as why:
        return _page(visit, given, str(why), 422, shown)
    numbers = ", ".join(str(decision.decision_id) for decision in recorded)
    labels = ", ".join(wording.REPORT_FIELDS[field].lower() for field in changed)
    visit.wrote("decide report", f"{numbers}. {labels}")
    return visit.back(
        "/bao-cao",
        f"Đã ghi {labels} (quyết định số {numbers}). Đưa vào báo cáo từ lần tổng hợp tới.",
    )


def download(visit: Visit) -> Response:
    """A document of a day, as an attachment."""
    found = report_file(
        visit.desk.home, visit.request.path_params["day"], visit.request.path_params["name"]
    )
    return _attachment(found)


def download_issued(visit: Visit) -> Response:
    """A file of an issued report, as an attachment."""
    path = visit.request.path_params
    return _attachment(issued_file(visit.desk.home, path["folder"], path["name"]))


def part_values(part: OfficersPart) -> dict[str, str]:
    """The officer's part as a form shows it, by field."""
    return {
        "number": str(part.number or ""),
        "date": part.dated.isoformat() if part.dated else "",
        "signer": part.signer,
        "title": part.title,
        "causes": "\n".join(part.causes),
        "introduction": "\n".join(part.introduction),
        "conclusions": "\n".join(part.conclusions),
    }


def _decided_since(fields: list[str], standing: dict[str, str]) -> str:
    """Of fields that were changed here, and elsewhere since the form was opened."""
    words = "; ".join(f"{wording.REPORT_FIELDS[f]}: “{standing[f]}”" for f in fields)
    return (
        f"Từ khi mở trang này đã có người ghi khác, nên chưa lưu gì. Hiện đã ghi {words}. "
        "Sửa lại cho đúng rồi lưu."
    )


def _plain(text: str) -> str:
    """A text as `officers_part` gives it: lines without blanks around them, none of them empty."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _part(visit: Visit) -> OfficersPart:
    return officers_part(DecisionLog(visit.desk.home.folder).recorded())


def _page(
    visit: Visit,
    values: dict[str, str],
    problem: str = "",
    status: int = 200,
    shown: dict[str, str] | None = None,
) -> Response:
    """The page with these values in its form, which were `shown` at first: what stands, if left out."""
    desk, part = visit.desk, _part(visit)
    return visit.page(
        "report.html.j2",
        status=status,
        campaign=desk.campaign,
        values=values,
        labels=wording.REPORT_FIELDS,
        texts=TEXTS,
        max_number=MAX_NUMBER,
        part=part,
        shown_name=SHOWN,
        shown=part_values(part) if shown is None else shown,
        problem=problem,
        days=report_days(desk.home),
        day_words=wording.day,
        issued=issued_folders(desk.home),
        can_compare=len(set(NightLog(desk.home.folder).moments)) > 1,
    )


def _attachment(file: ReportFile | None) -> Response:
    if file is None:
        raise Refusal(NO_FILE)
    # whole, before a night that ends now replaces it
    return attachment(file.path.read_bytes(), file.path.name)


ROUTES = [
    Route("/bao-cao", looking(report)),
    Route("/bao-cao", changing(save), methods=["POST"]),
    Route("/bao-cao/{day}/tai/{name:path}", looking(download)),
    Route("/bao-cao/da-phat-hanh/{folder}/{name}", looking(download_issued)),
]
