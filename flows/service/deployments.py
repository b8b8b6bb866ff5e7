"""What runs when: the deployments of a service, in one place, made from the campaign's schedule.

usage: python -m flows.service.deployments < WANTED       (a child of `flows.service.serve`: Prefect is imported here)

One more thing that runs by itself is one more line of DEPLOYMENTS. Its flow takes `home` among its
parameters and does its work within `flows.home.running.mark_running`, else the watch takes it for
dead.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.campaigns import Campaign, load_campaign

if TYPE_CHECKING:
    from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
    from prefect.flows import Flow

POOL = "tonghop"
TAGS = ["tonghop"]


def every_night(campaign: Campaign) -> CronSchedule:
    """Every day at the campaign's `schedule.nightly`."""
    from prefect.client.schemas.schedules import CronSchedule

    at = campaign.schedule.nightly
    seconds = f" {at.second}" if at.second else ""
    return CronSchedule(
        cron=f"{at.minute} {at.hour} * * *{seconds}", timezone=campaign.campaign.time_zone
    )


def on_reminder_days(campaign: Campaign) -> RRuleSchedule | None:
    """At `schedule.remind` on the days of `schedule.remind_days`, in their year and never again
    (III.3); None without such days.
    """
    from prefect.client.schemas.schedules import RRuleSchedule

    if not campaign.schedule.remind_days:
        return None
    moments = [
        f"{day:%Y%m%d}T{campaign.schedule.remind:%H%M%S}" for day in campaign.schedule.remind_days
    ]
    return RRuleSchedule(
        rrule=f"DTSTART:{moments[0]}\nRDATE:{','.join(moments)}",
        timezone=campaign.campaign.time_zone,
    )


@dataclass(frozen=True)
class Planned:
    """A flow that runs by itself: where it stands, when it runs, and which of the service's
    parameters it takes."""

    flow: str  # module:function; the deployment has the function's name
    description: str  # what the operator reads on Prefect's page
    schedule: Callable[[Campaign], CronSchedule | RRuleSchedule | None]
    parameters: tuple[str, ...]  # of inbox, home, campaign

    @property
    def name(self) -> str:
        """The deployment's name, which is its flow's too."""
        return self.flow.partition(":")[2]

    def load(self) -> Flow[..., Any]:
        """The flow itself; imports Prefect."""
        module, _, function = self.flow.partition(":")
        loaded: Flow[..., Any] = getattr(import_module(module), function)
        return loaded


DEPLOYMENTS = (
    Planned(
        "flows.nightly:nightly",
        "Thu nhận, kiểm tra, tổng hợp và công bố báo cáo của các đơn vị mỗi đêm.",
        every_night,
        ("inbox", "home", "campaign"),
    ),
    Planned(
        "flows.remind:remind",
        "Nhắc các đơn vị chưa có báo cáo được tổng hợp, vào những ngày của đợt.",
        on_reminder_days,
        ("inbox", "home", "campaign"),
    ),
)


def main() -> None:
    """Makes the work pool and the deployments on the server of PREFECT_API_URL as the service wants
    them (stdin)."""
    wanted = json.load(sys.stdin)
    campaign = load_campaign(Path(wanted["campaign"]))
    _make_pool()
    for planned in DEPLOYMENTS:
        _deploy(planned, campaign, {name: wanted[name] for name in planned.parameters})
        print(f"deployed {planned.name}: {planned.schedule(campaign)!r}")


def _make_pool() -> None:
    """The work pool, which a database that was lost does not have any more."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.workers.process import ProcessWorker

    pool = WorkPoolCreate(
        name=POOL,
        type=ProcessWorker.type,
        base_job_template=ProcessWorker.get_default_base_job_template(),
    )
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(pool)
        except ObjectAlreadyExists:
            print(f"the work pool {POOL} is there")


def _deploy(planned: Planned, campaign: Campaign, parameters: dict[str, Any]) -> None:
    """One run at a time, by this very Python and in the worker's process group, so that a stop
    leaves none behind."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment
    from prefect.types.entrypoint import EntrypointType

    one_at_a_time = ConcurrencyLimitConfig(
        limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
    )
    RunnerDeployment.from_flow(
        planned.load(),
        name=planned.name,
        description=planned.description,
        tags=TAGS,
        parameters=parameters,
        schedule=planned.schedule(campaign),  # type: ignore[arg-type]  # declared too narrowly
        concurrency_limit=one_at_a_time,
        work_pool_name=POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
        job_variables={"command": shlex.join([sys.executable, "-m", "prefect.engine"])},
    ).apply()


if __name__ == "__main__":
    main()
