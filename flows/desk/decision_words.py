"""The decisions of a home in an officer's words: files and units by their names, not by codes."""

from __future__ import annotations

from dataclasses import replace

from flows.commands.decision_list import ListedDecision, described, file_names, listed_decisions
from flows.desk.decision_forms import place_of
from flows.desk.desk import Desk
from sources.campaigns import Campaign
from sources.decisions import Decision
from sources.landing import Landing
from warehouse.reports.wording import DECISIONS, field_label, row_label, rule_label


def decisions_in_words(desk: Desk) -> list[ListedDecision]:
    """All decisions, the newest first."""
    names, campaign = _names(desk), desk.campaign
    listed = listed_decisions(desk.home.folder, names)
    words = {
        one.decision.decision_id: _about(one.decision, names, campaign) or one.about
        for one in listed
    }
    kinds = {one.decision.decision_id: one.decision.kind for one in listed}
    for one in listed:
        undone = one.decision.undoes
        if undone in words:
            said = f"{DECISIONS[kinds[undone]]}: {words[undone]}"
            words[one.decision.decision_id] = f"số {undone} ({said})"
    return [replace(one, about=words[one.decision.decision_id]) for one in reversed(listed)]


def about_file(submission_id: str, desk: Desk) -> list[ListedDecision]:
    """The decisions in force about a file, the newest first."""
    return [
        one
        for one in decisions_in_words(desk)
        if one.state == "in_force" and one.decision.submission_id == submission_id
    ]


def standing_beside(decision: Decision, desk: Desk) -> list[ListedDecision]:
    """The decisions in force about the same, or about the same file in any way, the newest first."""
    if decision.submission_id is not None:
        return about_file(decision.submission_id, desk)
    return [
        one
        for one in decisions_in_words(desk)
        if one.state == "in_force" and one.decision.about == decision.about
    ]


def undoable(listed: list[ListedDecision]) -> list[tuple[str, str]]:
    """The decisions that can be undone, as choices."""
    return [
        (str(one.decision.decision_id), f"{one.decision.decision_id}. {sentence(one)}")
        for one in listed
        if one.can_be_undone
    ]


def sentence(one: ListedDecision) -> str:
    """What a decision does: `Rút tệp: “BC.xlsx”`."""
    return f"{DECISIONS[one.decision.kind]}: {one.about}"


def in_words(decision: Decision, desk: Desk) -> str:
    """What a decision would do that is not recorded yet."""
    if decision.kind == "undo":
        known = {one.decision.decision_id: one for one in decisions_in_words(desk)}
        undone = decision.undoes or 0
        return f"{DECISIONS['undo']}: số {undone} ({sentence(known[undone])})"
    names = _names(desk)
    about = _about(decision, names, desk.campaign) or described(decision, names)
    return f"{DECISIONS[decision.kind]}: {about}"


def _names(desk: Desk) -> dict[str, str]:
    campaign, folder = desk.campaign, desk.home.folder
    units = {unit.code: unit.name for unit in campaign.registry.units}
    files = file_names(folder)
    contents = {a.sha256: f"“{a.file_name}”" for a in Landing(folder).known()}
    return {**units, **files, **contents}


def _about(decision: Decision, names: dict[str, str], campaign: Campaign) -> str:
    """What a decision is about that names more than files and units; "" for all others."""
    form = campaign.form
    if decision.kind == "accept":
        file = names.get(str(decision.submission_id), str(decision.submission_id))
        place = place_of((decision.section, decision.row_name, decision.field), campaign)
        label = rule_label(str(decision.rule), campaign)
        return f"{file}, {label}" + (f" ({place})" if place != "cả tệp" else "")
    if decision.kind == "settle":
        commune = names.get(str(decision.commune_code), str(decision.commune_code))
        unit = names.get(str(decision.unit_code), str(decision.unit_code))
        return f"{unit} về {row_label(form, 'orgs', decision.organisation)} ở {commune}"
    if decision.kind == "received" and decision.received_at is not None:
        file = names.get(str(decision.submission_id), str(decision.submission_id))
        return f"{file}, {decision.received_at.astimezone(campaign.zone):%H:%M ngày %d/%m/%Y}"
    if decision.kind == "confirm":
        file = names.get(str(decision.sha256), "tệp không còn")
        label = field_label(form, decision.section, decision.field)
        return f"{file}, trang {decision.page}, {label}: {decision.value or 'để trống'}"
    return ""
