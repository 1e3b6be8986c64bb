"""Whatever is done to a document, the answer is a plan or a refusal with codes, never a crash."""

import copy
import json
import random
from typing import Any

import pytest

from engine.faults import Fault
from engine.tasks import check

from ..binding.test_binding import STACKS, body
from ..silent import Silent
from .examples import EXAMPLES, stack_of
from .test_keras_json import MODELS

JUNK: list[Any] = [
    *(None, True, False, 0, -1, 10**18, 10**40, 1.5, float("nan"), float("inf")),
    *("", "x", "relu", "Dense", [], [1], [[1]], [None], ["a"], {}),
    *({"class_name": "Dense"}, {"class_name": "L2", "l2": 1}, {"config": {}}, {"layer": "it"}),
    {"a": {"b": []}},
]
NAMES = "config inputs kwargs name weights module zz shape dtype seed class_name inbound_nodes"


def paths(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members of a document."""
    found = [path] if path else []
    members: Any = ()
    if isinstance(document, dict):
        members = document.items()
    elif isinstance(document, list):
        members = enumerate(document)
    for key, value in members:
        found += paths(value, (*path, key))
    return found


def spoil(document: Any, dice: random.Random) -> None:
    """Replace, drop or add one member somewhere."""
    places = paths(document)
    if not places:
        return
    path = dice.choice(places)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    way = dice.random()
    if way < 0.7:
        parent[path[-1]] = copy.deepcopy(dice.choice(JUNK))
    elif way < 0.85:
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent[dice.choice(NAMES.split())] = copy.deepcopy(dice.choice(JUNK))


def answer(request: dict[str, Any]) -> Any:
    """The plan or the refusal, which must both be plain JSON."""
    refused: Fault | None = None
    found: dict[str, Any] = {}
    try:
        found = check.run(request, Silent())
    except Fault as fault:
        refused = fault
    if refused is not None:
        assert refused.items
        found = refused.to_json()
    return json.dumps(found)


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_layers(seed: int) -> None:
    dice = random.Random(seed)
    for name, example in EXAMPLES.items():
        stack = copy.deepcopy(stack_of(name, example))
        for _ in range(dice.choice((1, 1, 2, 3))):
            spoil(stack, dice)
        answer({"stack": stack})


@pytest.mark.parametrize("seed", range(60))
def test_spoilt_requests(seed: int) -> None:
    dice = random.Random(seed)
    for _, stack, schema, sections in STACKS:
        sent = copy.deepcopy(body(stack, schema, **sections))
        sent.setdefault("compile", {"optimizer": "adam", "loss": "mse", "metrics": ["acc"]})
        sent.setdefault("callbacks", [{"class_name": "EarlyStopping", "monitor": "loss"}])
        for _ in range(dice.choice((1, 2, 3))):
            spoil([sent["stack"], sent["compile"], sent["callbacks"]][dice.randrange(3)], dice)
        answer(sent)


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_spoilt_models_of_keras(make: Any) -> None:
    dice = random.Random(5)
    document = json.loads(make().to_json())
    for _ in range(60):
        spoilt = copy.deepcopy(document)
        for _ in range(dice.choice((1, 2, 3))):
            spoil(spoilt, dice)
        answer({"stack": spoilt})
