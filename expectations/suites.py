"""The Great Expectations suites, one per frame, made from form and rules, and run once on the whole
night's batch.

Great Expectations is imported within the functions: it takes six seconds, which a night spends
while its engine starts. Every expectation is asked once whether it holds (BOOLEAN_ONLY, half the
cost of COMPLETE), and those that fail are asked which rows: as positions in the frame (COMPLETE
with `exclude_unexpected_values` and no index columns), a list each; asked for by named columns,
Great Expectations walks the frame row by row.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.cached_expectations import cached_expectation
from expectations.checks import Check
from expectations.filtered_rows import MAX_ROWS_KEPT, filter_rows_once
from expectations.rules import checks
from sources.campaigns import Campaign

if TYPE_CHECKING:
    import great_expectations as gx
    import pandas as pd
    from great_expectations.core import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.data_context.data_context.ephemeral_data_context import (
        EphemeralDataContext,
    )
    from great_expectations.expectations.expectation import Expectation

# read by Great Expectations when it is imported
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

ROW_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}
GX_SEVERITY = {"error": "critical", "warning": "warning"}


class CheckFailedToRun(Exception):
    """A check that could not be made at all, which is a fault of rules or form and never the
    unit's."""

    def __init__(self, check: Check, problem: str) -> None:
        super().__init__(f"rule {check.rule} on {check.frame} ({check.options}): {problem}")
        self.check = check


@dataclass
class ValidatedFrame:
    """A frame as it was validated.

    rows     how many rows the frame has
    frame    the frame itself, dropped once its failing rows are findings (findings.add_breaches)
    failing  the checks that failed, each with the positions of the failing rows in the frame
    result   the result of Great Expectations, for Data Docs
    """

    name: str
    rows: int
    frame: pd.DataFrame
    failing: list[tuple[Check, list[int]]]
    result: ExpectationSuiteValidationResult


def checks_by_frame(campaign: Campaign) -> dict[str, list[Check]]:
    """The checks that are run on each frame (`Check.frame`); a frame without one is not there."""
    found: dict[str, list[Check]] = {}
    for check in checks(campaign):
        found.setdefault(check.frame, []).append(check)
    return found


def build_suite(
    frame: str, checks_by_place: Mapping[int, Check], campaign: Campaign
) -> gx.ExpectationSuite:
    """The suite of a frame: an expectation per check, whose `meta` holds the check's place among
    those of the frame."""
    import great_expectations as gx

    return gx.ExpectationSuite(
        name=frame,
        expectations=[_expectation(n, check, campaign) for n, check in checks_by_place.items()],
    )


def run_suite(
    con: duckdb.DuckDBPyConnection,
    frame: str,
    sql: str,
    frame_checks: Sequence[Check],
    campaign: Campaign,
) -> ValidatedFrame:
    """The frame of the query validated by the suite of its checks. Raises CheckFailedToRun where an
    expectation raised."""
    rows = (
        con.sql(sql)
        .to_arrow_table()
        .to_pandas(date_as_object=False, split_blocks=True, self_destruct=True)
    )
    suite_checks = dict(enumerate(frame_checks))
    with _quiet_context() as context:
        source = context.data_sources.add_pandas("night")
        definition = source.add_dataframe_asset(frame).add_batch_definition_whole_dataframe("all")
        if len(rows) <= MAX_ROWS_KEPT:
            filter_rows_once(source.get_execution_engine())
        batch = definition.get_batch(batch_parameters={"dataframe": rows})
        suite = build_suite(frame, suite_checks, campaign)
        result = batch.validate(suite, result_format="BOOLEAN_ONLY")
        failed = {
            _place(outcome): n for n, outcome in enumerate(result.results) if not outcome.success
        }
        if failed:
            suite = build_suite(frame, {n: suite_checks[n] for n in failed}, campaign)
            with_rows = batch.validate(suite, result_format=dict(ROW_RESULT_FORMAT)).results
            for outcome in with_rows:
                result.results[failed[_place(outcome)]] = outcome
    failing = [
        (suite_checks[n], positions) for n, positions in sorted(_failing(result, suite_checks))
    ]
    return ValidatedFrame(frame, len(rows), rows, failing, result)


def check_meta(result: ExpectationValidationResult) -> dict[str, Any]:
    """What `build_suite` noted of the result's check: its place, rule, section, field and
    fields."""
    if result.expectation_config is None or result.expectation_config.meta is None:
        raise TypeError("Great Expectations gave a result without its expectation")
    return result.expectation_config.meta


def as_html(text: str) -> str:
    """The text as Data Docs show it: Great Expectations' templates escape nothing, and put what a
    dollar sign names in its place.
    """
    return escape(text).replace("$", "&#36;")


def _place(result: ExpectationValidationResult) -> int:
    """The place of a result's check among those of the frame."""
    return int(check_meta(result)["check"])


def _expectation(number: int, check: Check, campaign: Campaign) -> Expectation:
    from great_expectations.expectations.row_conditions import Column

    more: dict[str, Any] = {}
    if check.where:
        more["row_condition"] = Column(check.where) == True  # noqa: E712
    if check.name:
        more["description"] = as_html(f"{check.name}: {check.condition}")
    meta = {
        "check": number,
        "rule": check.rule,
        "section": check.section,
        "field": check.field,
        "fields": sorted(check.by_field),
        "notes": {
            "format": "markdown",
            "content": [f"**{check.rule}** – {check.placeholders.get('label', '')}"],
        },
    }
    return cached_expectation(check.expectation).parse_obj(
        {
            **check.options,
            **more,
            "severity": GX_SEVERITY[campaign.severity[check.rule]],
            "meta": meta,
        }
    )


def _failing(
    result: ExpectationSuiteValidationResult, suite_checks: Mapping[int, Check]
) -> Iterator[tuple[int, list[int]]]:
    """Of each failing expectation its check's place and the positions of the failing rows."""
    for outcome in (r for r in result.results if not r.success):
        positions = outcome.result.get("unexpected_index_list")
        if not positions:
            raise CheckFailedToRun(suite_checks[_place(outcome)], str(outcome.exception_info))
        yield _place(outcome), sorted(positions)


@contextmanager
def _quiet_context() -> Iterator[EphemeralDataContext]:
    """A context in memory, without progress bars and without its loggers' remarks below an
    error."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        context = gx.get_context(mode="ephemeral")
        context.variables.config.progress_bars = ProgressBarsConfig(globally=False)
        yield context
    finally:
        logger.setLevel(level)
