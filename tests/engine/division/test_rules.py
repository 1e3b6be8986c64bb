"""Every rule over the parts of a training by its own examples."""

import json
import re
from typing import Any

import pytest

from engine.division import RULES, Example, Rule

CASES = [(rule, case) for rule in RULES.values() for case in rule.sets_off]
QUIET = [(rule, case) for rule in RULES.values() for case in rule.stays_quiet]


def named(value: Any) -> str | None:
    return value.name if isinstance(value, type) and issubclass(value, Rule) else None


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_a_rule_explains_itself(rule: type[Rule]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert 40 <= len(rule.why()) <= 400
    assert rule.why().endswith(".")
    assert rule.sets_off
    assert rule.stays_quiet


@pytest.mark.parametrize(("rule", "case"), CASES, ids=named)
def test_it_fires(rule: type[Rule], case: Example) -> None:
    found = list(rule().check(case.parts()))
    assert found
    for one in found:
        assert one.detail.endswith(".")
        assert one.pointer in ("/data/split", "/data/validation", "/data/test")
        json.dumps(one.evidence, allow_nan=False)


@pytest.mark.parametrize(("rule", "case"), QUIET, ids=named)
def test_it_stays_quiet(rule: type[Rule], case: Example) -> None:
    assert list(rule().check(case.parts())) == []
