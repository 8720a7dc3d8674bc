from __future__ import annotations

import pytest

from palyra_events.a2ui.limits import LIMITS
from palyra_events.a2ui.problem import ProblemList
from palyra_events.a2ui.source import Source
from palyra_events.a2ui.unique_id import UniqueIds


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a-2", "a", "a"], ["a-2", "a", "a-3"]),
        (["a" * 8, "a" * 8], ["a" * 8, "aaaaaa-2"]),
        (["a-", "a-"], ["a-", "a-2"]),
        (["-", "-"], ["-", "-2"]),
        (["ab"] * 12, ["ab", *(f"ab-{number}" for number in range(2, 13))]),
    ],
)
def test_who_comes_second_gets_a_number(wanted, made):
    """Ids stay different, also where they are as long as may be."""
    ids = UniqueIds(8)
    source = Source({}, "/x", ProblemList(LIMITS))
    assert [ids.take(name, source) for name in wanted] == made


def test_a_renamed_id_is_told():
    """Who named two things alike reads where."""
    problems = ProblemList(LIMITS)
    ids = UniqueIds(8)
    for place in range(2):
        ids.take("a", Source({}, f"/components/{place}", problems))
    assert [(problem.code, problem.path) for problem in problems.all()] == [
        ("duplicate_id", "/components/1/id")
    ]
