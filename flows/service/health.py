"""How a service fares, in lines for whoever looks after it: all from its server, none of it needs a
warehouse."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from zoneinfo import ZoneInfo

from flows.engine.api import Api
from flows.home.layout import Home
from flows.service.access import AUTH_VARIABLE, api_of, last_note, serving_process
from flows.service.deployments import POOL

MAX_HEARTBEAT_AGE = dt.timedelta(seconds=90)  # a worker reports every half minute
REFUSALS = {
    401: f"mật khẩu không đúng; đặt biến {AUTH_VARIABLE} như khi chạy dịch vụ",
    404: "máy chủ đang khởi động lần đầu; xem lại sau một phút",
}
STATES = {
    "Completed": "hoàn thành",
    "Failed": "thất bại",
    "Crashed": "bị ngắt giữa chừng",
    "Running": "đang chạy",
    "Pending": "đang khởi động",
    "Cancelled": "đã hủy",
    "Cancelling": "đang hủy",
    "Paused": "tạm dừng",
}


def health_lines(folder: Path, now: dt.datetime) -> list[str]:
    """Server, worker, what runs next and how the last night ended; no line where the home was never
    served."""
    home = Home(folder.resolve())
    served = serving_process(home)
    if served is None:
        last = last_note(home)
        return (
            [f"Dịch vụ: không chạy (lần cuối từ {last['since']}); chạy `tonghop serve`."]
            if last
            else []
        )
    api = api_of(home, served["port"])
    line = f"Dịch vụ: tiến trình {served['pid']} từ {served['since']}, trang Prefect {api.url.removesuffix('/api')}"
    try:
        return [f"{line}, máy chủ có trả lời.", *_from_server(api, now)]
    except HTTPError as error:
        return [f"{line}: {REFUSALS.get(error.code, f'máy chủ báo lỗi ({error})')}."]
    except OSError as error:
        return [f"{line}: MÁY CHỦ KHÔNG TRẢ LỜI ({error}); xem {home.logs / 'server.log'}."]


def _from_server(api: Api, now: dt.datetime) -> list[str]:
    zone = _zone(api)
    return [_worker(api, now), *_next(api, zone, now), _last_night(api, zone)]


def _worker(api: Api, now: dt.datetime) -> str:
    beats = [
        dt.datetime.fromisoformat(worker["last_heartbeat_time"])
        for worker in api.ask(f"/work_pools/{POOL}/workers/filter", {})
        if worker["last_heartbeat_time"]
    ]
    if not beats:
        return "Bộ chạy (worker): CHƯA THẤY; xem worker.log."
    age = now - max(beats)
    seen = f"báo hiệu {int(age.total_seconds())} giây trước"
    return (
        f"Bộ chạy (worker): {seen}."
        if age < MAX_HEARTBEAT_AGE
        else f"Bộ chạy (worker): KHÔNG CÒN BÁO HIỆU ({seen})."
    )


def _next(api: Api, zone: ZoneInfo, now: dt.datetime) -> list[str]:
    runs = _runs(
        api,
        {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "expected_start_time": {"after_": now.isoformat()},
        },
        "EXPECTED_START_TIME_ASC",
        limit=20,
    )
    names = {
        deployment["id"]: deployment["name"] for deployment in api.ask("/deployments/filter", {})
    }
    soonest: dict[str, str] = {}
    for run in runs:
        soonest.setdefault(names.get(run["deployment_id"], run["name"]), run["expected_start_time"])
    return [f"Lần chạy tới ({name}): {_moment(at, zone)}." for name, at in soonest.items()] or [
        "Lần chạy tới: chưa lên lịch (xem lại sau một phút)."
    ]


def _last_night(api: Api, zone: ZoneInfo) -> str:
    runs = _runs(
        api, {"start_time": {"is_null_": False}}, "START_TIME_DESC", limit=1, flow="nightly"
    )
    if not runs:
        return "Lần chạy gần nhất: chưa có."
    run = runs[0]
    message = run["state"]["message"]
    why = (
        f" ({message})"
        if message and run["state_type"] in ("FAILED", "CRASHED", "CANCELLED")
        else ""
    )
    return (
        f"Lần chạy gần nhất: {run['name']}, bắt đầu {_moment(run['start_time'], zone)}, "
        f"{STATES.get(run['state_name'], run['state_name'])}{why}."
    )


def _runs(
    api: Api, wanted: dict[str, Any], sort: str, limit: int, flow: str | None = None
) -> list[dict[str, Any]]:
    flows = {"flows": {"name": {"any_": [flow]}}} if flow else {}
    asked = {"flow_runs": wanted, **flows, "sort": sort, "limit": limit}
    runs: list[dict[str, Any]] = api.ask("/flow_runs/filter", asked)
    return runs


def _zone(api: Api) -> ZoneInfo:
    """The zone of the schedules, which is the campaign's."""
    zones = [
        schedule["schedule"]["timezone"]
        for deployment in api.ask("/deployments/filter", {})
        for schedule in deployment["schedules"]
    ]
    return ZoneInfo(zones[0] if zones else "UTC")


def _moment(text: str, zone: ZoneInfo) -> str:
    return f"{dt.datetime.fromisoformat(text).astimezone(zone):%H:%M:%S ngày %d/%m/%Y}"
