"""Which communes a sentence of the report names: never some of those with the same number."""

import pytest

from warehouse.reports.compared_communes import CommuneValue, Comparison

MOST = [  # numbers of the communes A, B, …; which are named as the highest
    ((5, 3, 1), "A (5), B (3), C (1)"),
    ((0, 2, 3), "C (3), B (2)"),
    ((2, 2, 1, 1), "A, B (2)"),  # C and D have the same: both or none
    ((3, 1, 1, 1), "A (3)"),
    ((1, 1, 1), "A, B, C (1)"),
    ((1, 1, 1, 1), "4 xã, thị trấn (1)"),
    ((0, 0), ""),
    ((), ""),
]


@pytest.mark.parametrize(("numbers", "named"), MOST)
def test_communes_with_the_same_number_are_named_all_or_none(numbers, named):
    communes = [CommuneValue(name, n, str(n)) for name, n in zip("ABCD", numbers, strict=False)]
    assert Comparison(communes).nhieu == named


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ((0, 2, 3), "C (3), B (2)"),
        ((1, 1, 1, 1), "4 xã, thị trấn (1)"),
        ((3, 1, 1, 1), ""),
        ((0,), ""),
    ],
)
def test_communes_are_all_named_only_where_they_are_few_or_alike(numbers, named):
    communes = [CommuneValue(name, n, str(n)) for name, n in zip("ABCD", numbers, strict=False)]
    assert Comparison(communes).chi_o == named
