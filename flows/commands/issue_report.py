"""A report issued: frozen, recorded, and the drafts of its night replaced, whoever asks for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from flows.commands.decision_checks import DecisionChecks
from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.issuing import FrozenReport, freeze_report, replace_drafts
from sources.decisions import Decision

REASON = "Báo cáo đã ký"


class Issue(NamedTuple):
    """A report that was issued, and the decision by which."""

    report: FrozenReport
    decision: Decision


def issue_report(
    checks: DecisionChecks,
    home: Home,
    campaign_folder: Path,
    day: dt.date | None,
    account: str,
    reason: str,
    at: str | None,
    now: dt.datetime,
    wait: float = 0,
) -> Issue:
    """Issues the report of that day (the last, where left out). Raises NotIssuedError; HomeBusyError
    where a night holds the home after `wait` seconds; OSError."""
    checks.check_moment(at, now)
    with lock_home(home.folder, wait):
        frozen = freeze_report(home, campaign_folder, day, account, now)
        about = {
            "name": frozen.name,
            "sha256": frozen.manifest_sha256,
            "value": frozen.facts["numbers"],
        }
        decision = checks.record("issue", account, reason.strip() or "–", at, now, about)
        replace_drafts(home, frozen)
    return Issue(frozen, decision)
