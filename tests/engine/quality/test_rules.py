"""Every rule by its own examples: it fires, it stays quiet, it explains itself."""

import json
import re
from typing import Any

import pytest

from engine.dataset.content import Content
from engine.dataset.description import describe
from engine.quality import RULES, Data, Rule, look
from engine.quality._examples import Example

CASES = [(rule, case) for rule in RULES.values() for case in rule.sets_off]
QUIET = [(rule, case) for rule in RULES.values() for case in rule.stays_quiet]


def report(content: Content) -> list[dict[str, Any]]:
    return look(Data.of(content, describe(content)))


def named(value: Any) -> str | None:
    return value.name if isinstance(value, type) and issubclass(value, Rule) else None


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_a_rule_explains_itself(rule: type[Rule]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert 40 <= len(rule.why()) <= 400
    assert rule.why().endswith(".")
    assert rule.handling.endswith(".")
    assert rule.severity in ("error", "warning", "hint")
    assert rule.sets_off
    assert rule.stays_quiet


@pytest.mark.parametrize(("rule", "case"), CASES, ids=named)
def test_it_fires_and_nothing_worse_does(
    rule: type[Rule], case: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    content = case.content()
    found = report(content)
    assert rule.name in {one["rule"] for one in found}
    assert {one["rule"] for one in found if one["severity"] != "hint"} <= {rule.name}
    assert capsys.readouterr().err == "", "a rule failed"
    for one in found:
        assert json.loads(json.dumps(one, allow_nan=False)) == one
        assert one["detail"].endswith(".")
        assert one["source"] == "data"
        if one["columns"]:
            assert one["pointer"] == f"/columns/{content.names.index(one['columns'][0])}"


@pytest.mark.parametrize(("rule", "case"), QUIET, ids=named)
def test_it_stays_quiet(
    rule: type[Rule], case: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rule.name not in {one["rule"] for one in report(case.content())}
    assert capsys.readouterr().err == "", "a rule failed"
