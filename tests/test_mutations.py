"""A small run of `tests/mutations.py` with a fixed seed, and proof that it can fail."""

from random import Random

import mutations
import pytest
from made_books import Layout, laid_out
from made_reports import CAMPAIGN, Said, made_report


def test_every_mutation_is_flagged_or_changes_only_its_value():
    outcomes = mutations.try_mutations(count=170, seed=20220419)
    assert set(outcomes) == set(mutations.MUTATIONS), "every kind of change is tried"
    total = sum(outcomes.values(), mutations.Counter())
    assert total[mutations.FLAGGED] > 50 and total[mutations.LEGITIMATE] > 30


@pytest.mark.parametrize("said", [Said(99, "99"), Said("nhiều", None, clear=False)])
def test_judge_detects_a_silently_wrong_value(said, tmp_path):
    """Held against a truth of which the file knows nothing, the same judge finds what is silent."""
    made = made_report(CAMPAIGN.registry.communes[0], Random(5))
    key = next(k for k in made.truth() if k[0] == "villages" and k[2] == "party_members")
    mutant = mutations.Mutant(
        "nothing", made, laid_out(made, Layout(), Random(5)), "xlsx", made.truth() | {key: said}
    )
    (outcome,) = mutations.judge([mutant], tmp_path)
    assert outcome.startswith(mutations.SILENT)
