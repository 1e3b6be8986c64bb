"""Every rule by its own examples: it fires, it stays quiet, its fix helps, it explains itself."""

import copy
import re
from typing import Any

import pytest

from engine.advice import RULES, Rule
from engine.catalog import find
from engine.tasks import check
from lamina.patch import apply

from ..silent import Silent

SECTIONS = ("stack", "data", "compile", "fit", "callbacks", "resources")
CASES = [(rule, case) for rule in RULES.values() for case in rule.sets_off]
QUIET = [(rule, case) for rule in RULES.values() for case in rule.stays_quiet]


def advice(payload: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = check.run(copy.deepcopy(payload), Silent())["advice"]
    return found


def body(payload: dict[str, Any]) -> dict[str, Any]:
    """What a client would have sent."""
    return {name: payload[name] for name in SECTIONS if payload.get(name) is not None}


def named(value: Any) -> str | None:
    return value.name if isinstance(value, type) else None


def test_there_are_rules_enough() -> None:
    assert len(RULES) >= 35


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_a_rule_explains_itself(rule: type[Rule]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert 40 <= len(rule.why()) <= 400
    assert rule.why().endswith(".")
    assert rule.severity in ("error", "warning", "hint")
    assert rule.source in ("stack", "data", "training")
    assert rule.sets_off
    assert rule.stays_quiet


@pytest.mark.parametrize(("rule", "case"), CASES, ids=named)
def test_it_fires_and_nothing_else_does(
    rule: type[Rule], case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = advice(case)
    assert rule.name in {one["rule"] for one in found}
    assert {one["rule"] for one in found if one["severity"] != "hint"} <= {rule.name}
    assert capsys.readouterr().err == "", "a rule failed"
    for one in found:
        assert set(one) == {
            *("rule", "source", "severity", "pointer", "detail"),
            *("why", "evidence", "fix", "more"),
        }
        assert one["detail"].endswith(".")
        if one["more"]:
            assert find("layers", one["more"].rpartition("/")[2])


@pytest.mark.parametrize(("rule", "case"), QUIET, ids=named)
def test_it_stays_quiet(rule: type[Rule], case: dict[str, Any]) -> None:
    assert rule.name not in {one["rule"] for one in advice(case)}


@pytest.mark.parametrize(("rule", "case"), CASES, ids=named)
def test_its_fix_applies_and_helps(rule: type[Rule], case: dict[str, Any]) -> None:
    own = [one for one in advice(case) if one["rule"] == rule.name]
    fixes = [one["fix"] for one in own if one["fix"] is not None]
    after = {**case, **apply(body(case), [step for fix in fixes[:1] for step in fix])}
    left = sum(one["rule"] == rule.name for one in advice(after))
    assert left < len(own) or not fixes


WITHOUT_FIX = {
    *("image-flattened-to-sequence", "sequence-as-image", "many-parameters"),
    *("conflicting-labels", "duplicates-across-split"),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_most_rules_offer_a_fix(rule: type[Rule]) -> None:
    offered = [
        one["fix"] for case in rule.sets_off for one in advice(case) if one["rule"] == rule.name
    ]
    without = rule.name in WITHOUT_FIX or rule.name == "mixed-residual"
    assert all(fix is None for fix in offered) if without else all(offered)
