"""What a decision would change of the campaign's totals, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.desk.desk import Desk
from warehouse.numbers_vi import count

LABELS = {  # the totals of flows/desk/instant.py, each read behind its number
    "units_reported": "đơn vị có báo cáo được tổng hợp",
    "units_returned": "đơn vị bị trả lại, chưa gửi lại",
    "units_missing": "đơn vị chưa gửi",
    "units_late": "đơn vị gửi chậm",
    "cells_held": "chi bộ đã sinh hoạt",
    "cells_total": "chi bộ",
    "members_attended": "đảng viên dự sinh hoạt",
    "org_branches_held": "chi hội, chi đoàn đã sinh hoạt",
    "villages_total": "thôn, tổ dân phố",
}
UNKNOWN = "chưa rõ"


@dataclass(frozen=True)
class Effect:
    """The totals that a decision moves, a line each (`32 → 33 đơn vị …`); `problem` where they are
    not known."""

    lines: tuple[str, ...]
    problem: str = ""


def effect_of(desk: Desk, kind: str, about: Mapping[str, Any]) -> Effect:
    """The effect of one further decision; takes seconds, of a large campaign a minute."""
    answer = desk.checker.effect([{"kind": kind, **_as_json(about)}])
    if "problem" in answer:
        return Effect((), str(answer["problem"]))
    before, after = answer["before"], answer["after"]
    return Effect(
        tuple(
            f"{_shown(before[total])} → {_shown(after[total])} {label}"
            for total, label in LABELS.items()
            if before[total] != after[total]
        )
    )


def _as_json(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in about.items()
        if value is not None
    }


def _shown(total: int | None) -> str:
    return UNKNOWN if total is None else count(total)
