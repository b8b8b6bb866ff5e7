"""Issues the report of a night: checks that the document is the one of its numbers, and freezes it
with them."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.home.layout import Home
from flows.past_nights import rebuilt_warehouses
from flows.problems import Problem
from flows.stages.publishing import is_of_numbers, night_facts
from sources.campaigns import Campaign, IssuedReport, load_campaign
from sources.decisions import Decision, DecisionLog, decision_states, with_names
from sources.moments import moment_text
from sources.officers_part import officers_part
from warehouse.issued import folder_name, freeze
from warehouse.published_folder import Facts, PublishedFolder
from warehouse.reports.document_check import issue_problems
from warehouse.reports.document_head import number_text
from warehouse.reports.documents import DOCUMENTS, REPORT
from warehouse.reports.wording import REPORT_FIELDS


class NotIssuedError(Exception):
    """The report cannot be issued: `problem` says why and what to do."""

    def __init__(self, sentence: str, command: str = "") -> None:
        self.problem = Problem(sentence, command or sentence)
        super().__init__(self.problem.command)


@dataclass(frozen=True)
class ReportToIssue:
    """A report that can be issued.

    reports         the folder of its night
    campaign        with the officer's part as it stands
    facts           of the night that the documents are of
    changed         the names of the documents that a person has changed since a night wrote them
    has_old_numbers  whether the warehouse has other numbers by now
    """

    reports: Path
    campaign: Campaign
    facts: Facts
    changed: tuple[str, ...]
    has_old_numbers: bool


@dataclass(frozen=True)
class FrozenReport:
    """A report that is frozen but not yet recorded as issued.

    reports      the folder of its night
    name         of its folder below `issued`
    facts        of the night that the documents are of
    changed      the names of the documents that a person has changed since a night wrote them
    """

    reports: Path
    name: str
    manifest_sha256: str
    facts: Facts
    changed: tuple[str, ...]


def freeze_report(
    home: Home, campaign_folder: Path, day: dt.date | None, account: str, now: dt.datetime
) -> FrozenReport:
    """Freezes the report in the folder of that day (of the last night, where left out) under its
    number and date. Whoever calls holds the home, and records the decision.

    Documents that nobody has changed are written again without the mark of a draft; those that an
    officer has changed are frozen as they stand. Where numbers have changed since they were written,
    the warehouse of their own night is made again. Raises NotIssuedError.
    """
    decisions = DecisionLog(home.folder).recorded()
    report = report_to_issue(home, campaign_folder, day)
    reports, campaign, facts, changed = (
        report.reports,
        report.campaign,
        report.facts,
        report.changed,
    )
    with _warehouse_of(home, campaign_folder, report) as warehouse:
        documents = {name: reports / name for name in issued_names()}
        final = _write_final(home, campaign, facts, warehouse)
        documents |= {name: path for name, path in final.items() if name not in changed}
        name = _free_name(home, campaign, decisions)
        about = _about(campaign, facts, account, now, changed)
        manifest = freeze(home.issued / name, documents, warehouse, about)
    return FrozenReport(reports, name, manifest, facts, changed)


def report_to_issue(home: Home, campaign_folder: Path, day: dt.date | None) -> ReportToIssue:
    """What would be issued of the report in the folder of that day (of the last night, where left
    out); nothing is written. Raises NotIssuedError where it cannot be."""
    campaign = _campaign_to_issue(campaign_folder, DecisionLog(home.folder).recorded())
    last = night_facts(home.warehouse)
    moment = _moment(last).astimezone(campaign.zone)
    reports = home.reports(dt.datetime.combine(day, dt.time()) if day else moment)
    facts = _common_facts(reports)
    published = PublishedFolder(reports)
    changed = tuple(name for name in issued_names() if not published.is_unchanged(name))
    _check_changed(reports, changed, campaign)
    has_old_numbers = not is_of_numbers(home.warehouse, facts["numbers"])
    return ReportToIssue(reports, campaign, facts, changed, has_old_numbers)


def replace_drafts(home: Home, frozen: FrozenReport) -> None:
    """Puts the issued documents in the place of the drafts that a night wrote; what a person has
    changed is the issued one already."""
    scratch = _scratch(home)
    final = {name: scratch / name for name in issued_names() if name not in frozen.changed}
    for name, path in final.items():
        shutil.copyfile(home.issued / frozen.name / name, path)
    facts = {key: value for key, value in frozen.facts.items() if key != "sha256"}
    PublishedFolder(frozen.reports).publish(final, facts=facts)
    shutil.rmtree(scratch)


def _campaign_to_issue(folder: Path, decisions: list[Decision]) -> Campaign:
    """The campaign with the officer's part as it stands. Raises NotIssuedError where that lacks what
    an issued report needs, or its number is taken."""
    named = with_names(load_campaign(folder), decisions)
    campaign = named.model_copy(update={"officers_part": officers_part(decisions)})
    part = campaign.officers_part
    missing = [
        field
        for field, value in (
            ("number", part.number),
            ("date", part.dated),
            ("signer", part.signer or campaign.document.signer_name),
        )
        if not value
    ]
    if missing:
        used = part.issued and f" (số {number_text(part.issued.number)} đã phát hành)"
        labels = ", ".join(REPORT_FIELDS[field].lower() for field in missing)
        options = [f"--{field}" for field in missing]
        raise NotIssuedError(
            f"chưa có {labels}{used or ''}; ghi vào phần của cán bộ trước",
            f"chưa có {', '.join(options)}{used or ''}; ghi trước: tonghop decide report "
            f"{' … '.join(options)} …",
        )
    taken = f"{number_text(part.number)}-{part.dated and part.dated.year}-"
    for decision, state in decision_states(decisions):
        if (decision.kind, state) == ("issue", "in_force") and str(decision.name).startswith(taken):
            sentence = (
                f"số {number_text(part.number)} đã phát hành (quyết định số {decision.decision_id})"
            )
            raise NotIssuedError(
                f"{sentence}; ghi số khác, hoặc hủy quyết định ấy",
                f"{sentence}; ghi số khác: tonghop decide report --number …, hoặc hủy: tonghop decide undo "
                f"{decision.decision_id}",
            )
    return campaign


def issued_names() -> list[str]:
    """The names of the documents that are frozen."""
    return [document.file_name for document in DOCUMENTS if document.is_issued]


def _common_facts(reports: Path) -> Facts:
    """Of which night the report and its annexes are. Raises NotIssuedError where one is not there,
    where its night is not known, or where they are of different numbers."""
    published = PublishedFolder(reports)
    facts = published.facts(REPORT.file_name)
    for name in issued_names():
        path, own = reports / name, published.facts(name)
        if not path.is_file():
            raise NotIssuedError(
                f"chưa có {path.name} của ngày này; tổng hợp trước",
                f"chưa có {path}; tổng hợp trước: tonghop nightly, hoặc ghi đúng ngày",
            )
        if "numbers" not in own:
            raise NotIssuedError(
                f"{path}: không rõ viết từ số liệu của lần tổng hợp nào; chép phần đã sửa vào bản của phần mềm "
                "(chuyển tệp này đi nơi khác rồi tổng hợp lại)"
            )
        if own["numbers"] != facts["numbers"]:
            raise NotIssuedError(
                f"{path} và {REPORT.file_name} không cùng số liệu; lấy bản cùng một lần tổng hợp (tệp “bản "
                "mới” bên cạnh)"
            )
    return facts


@contextlib.contextmanager
def _warehouse_of(home: Home, campaign_folder: Path, report: ReportToIssue) -> Iterator[Path]:
    """The warehouse whose numbers the documents print: the published one, or that of their own
    night, made again."""
    facts = report.facts
    if not report.has_old_numbers:
        yield home.warehouse
        return
    with rebuilt_warehouses(home, campaign_folder, [_moment(facts)]) as (again,):
        if not is_of_numbers(again, facts["numbers"]):
            raise NotIssuedError(
                f"số liệu lúc {moment_text(_moment(facts))} không dựng lại được như báo cáo đã in; "
                "phát hành bản của lần tổng hợp mới nhất"
            )
        yield again


def _check_changed(reports: Path, changed: Collection[str], campaign: Campaign) -> None:
    """Raises NotIssuedError where the report that an officer has changed cannot be issued."""
    report = reports / REPORT.file_name
    if report.name in changed and (problems := issue_problems(report, campaign)):
        sentence = f"{report.name}: {'; '.join(problems)}"
        raise NotIssuedError(
            sentence, f"{report.parent}/{sentence} (phần của cán bộ: tonghop decide report)"
        )


def _write_final(home: Home, campaign: Campaign, facts: Facts, warehouse: Path) -> dict[str, Path]:
    """The documents of the warehouse without the mark of a draft, by name, in the scratch folder."""
    part = campaign.officers_part
    issued = IssuedReport(
        folder="",
        manifest_sha256="",
        numbers_digest=facts["numbers"],
        number=part.number,
        dated=part.dated,
        is_current=True,
    )
    final = campaign.model_copy(
        update={"officers_part": part.model_copy(update={"issued": issued})}
    )
    scratch = _scratch(home)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("SET TimeZone = $zone", {"zone": campaign.campaign.time_zone})
        ((as_of,),) = con.execute("SELECT as_of FROM night").fetchall()
        for document in DOCUMENTS:
            if document.is_issued:
                target = scratch / document.file_name
                document.load()(con, final, as_of.astimezone(campaign.zone), target)
    return {name: scratch / name for name in issued_names()}


def _free_name(home: Home, campaign: Campaign, decisions: list[Decision]) -> str:
    """The name of the report's folder, with a number where one that was taken back has it; a folder
    of that name that no decision knows was left by a crash, and is removed."""
    part = campaign.officers_part
    assert part.number is not None and part.dated is not None
    name = own = folder_name(part.number, part.dated)
    recorded = {decision.name for decision in decisions if decision.kind == "issue"}
    again = 1
    while name in recorded:
        again += 1
        name = f"{own}-{again}"
    if (home.issued / name).exists():
        shutil.rmtree(home.issued / name)
    return name


def _about(
    campaign: Campaign, facts: Facts, account: str, now: dt.datetime, changed: Collection[str]
) -> dict[str, object]:
    part = campaign.officers_part
    return {
        "number": part.number,
        "symbol": campaign.document.symbol,
        "date": part.dated and part.dated.isoformat(),
        "as_of": facts["as_of"],
        "numbers_digest": facts["numbers"],
        "issued_by": account,
        "issued_at": now.isoformat(),
        "changed_by_hand": list(changed),
    }


def _moment(facts: Facts) -> dt.datetime:
    return dt.datetime.fromisoformat(facts["as_of"])


def _scratch(home: Home) -> Path:
    folder = home.work / "issue"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
