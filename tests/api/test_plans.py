"""Plans that are remembered."""

import pytest

from api.plans import Plans
from tests.api.running import Absent, Running

STACK = {"stack": [{"class_name": "Input", "shape": [4]}, {"class_name": "Dense", "units": 31}]}


class TestPlans:
    def test_each_asker_has_a_plan_of_its_own(self) -> None:
        plans, key = Plans(), Plans.key(STACK)
        assert plans.find(key) is None
        plans.keep(key, {"layers": [1]})
        found = plans.find(key)
        assert found == {"layers": [1]}
        found["layers"].append(2)
        assert plans.find(key) == {"layers": [1]}

    def test_the_order_of_names_does_not_matter(self) -> None:
        assert Plans.key({"a": 1, "b": 2}) == Plans.key({"b": 2, "a": 1})

    def test_numbers_of_any_size_are_kept(self) -> None:
        plans, key = Plans(), Plans.key({"units": 10**30})
        plans.keep(key, {"parameters": 10**30})
        assert plans.find(key) == {"parameters": 10**30}

    def test_the_oldest_makes_room(self) -> None:
        plans = Plans(most=100)  # three of them
        keys = [Plans.key({"n": n}) for n in range(4)]
        for key in keys[:3]:
            plans.keep(key, {"text": "x" * 19})
        plans.find(keys[0])
        plans.keep(keys[3], {"text": "x" * 19})
        assert [plans.find(key) is not None for key in keys] == [True, False, True, True]


def test_a_known_stack_needs_no_engine(whole: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    first = whole.client.post("/v1/stacks/check", json=STACK)
    monkeypatch.setattr(whole.services, "engine", Absent())
    again = whole.client.post("/v1/stacks/check", json=STACK)
    assert (first.status_code, again.json()) == (200, first.json())
    other = {"stack": [STACK["stack"][0], {"class_name": "Dense", "units": 32}]}
    assert whole.client.post("/v1/stacks/check", json=other).status_code == 503
