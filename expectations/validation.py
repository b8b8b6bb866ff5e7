"""The first pass of a night: every report's own values against the rules, all reports at once."""

from __future__ import annotations

import duckdb

from expectations.asked_numbers import sections_asked, units_frame, units_frame_sql
from expectations.corrected_rows import allow_days_given_elsewhere
from expectations.findings import add_breaches, place_findings, start_findings
from expectations.frames import section_frame_sql, submission_frame_sql
from expectations.suites import ValidatedFrame, checks_by_frame, run_suite
from sources.campaigns import Campaign


def validate(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[ValidatedFrame]:
    """Makes `finding_placed` from the batches and what was found while reading; returns the
    validated frames.

    The tables come first, then the files themselves: whether a report lacks what is required
    depends on whether an earlier file of the unit holds it, and that one must be without error.
    """
    start_findings(con, campaign)
    done, made = [], checks_by_frame(campaign)
    for section in campaign.form.sections:
        if section.key in made:
            sql = section_frame_sql(section, made[section.key], campaign)
            done.append(run_suite(con, section.key, sql, made[section.key], campaign))
            add_breaches(con, done[-1])
    place_findings(con, campaign)
    allow_days_given_elsewhere(con, campaign)
    of_files = made.get("submission", [])
    sql = submission_frame_sql(of_files, campaign)
    done.append(run_suite(con, "submission", sql, of_files, campaign))
    add_breaches(con, done[-1])
    place_findings(con, campaign)
    return done


def validate_units(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[ValidatedFrame]:
    """Adds to `finding_placed` the numbers that no accepted file of a unit gives; returns the
    validated frames.

    Needs `submission` (verdicts.judge): a finding of this pass is a warning and returns no file.
    """
    done, made = [], checks_by_frame(campaign)
    for section in sections_asked(campaign):
        frame = units_frame(section)
        sql = units_frame_sql(section, campaign)
        done.append(run_suite(con, frame, sql, made[frame], campaign))
        add_breaches(con, done[-1])
    place_findings(con, campaign)
    return done
