"""The calls within a saved Functional model, in an order in which they can be made."""

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

Key = tuple[str, int]
"""A call: the name of its layer, and which call of that layer it is."""


@dataclass(frozen=True)
class Call:
    """One call of a layer; `count` numbers the calls of the same layer from 0.

    `line` is the place of the call in the stack from which we wrote the model, if we did.
    """

    layer: Any
    pointer: str
    count: int = 0

    @property
    def line(self) -> int | None:
        """See above."""
        lines = self.layer.get("lines") if isinstance(self.layer, dict) else None
        found = lines[self.count] if isinstance(lines, list) and self.count < len(lines) else None
        return found if type(found) is int else None


def called(name: str, count: int) -> str:
    """What a call is named: as its layer, with a number from the second on."""
    return f"{name}.{count + 1}" if count else name


def in_order(members: list[tuple[Any, str]], most: int) -> list[Call]:
    """The calls of all layers, each behind those whose outputs it takes.

    Where every layer is called once Keras has put them in order already. Calls beyond `most` are
    left out: the stack is refused for its size then. Calls that wait for one another come last.
    """
    calls: list[Call] = []
    several = False
    for layer, pointer in members:
        nodes = layer.get("inbound_nodes") if isinstance(layer, dict) else None
        count = len(nodes) if isinstance(nodes, list) else 0
        several = several or count > 1
        calls += [Call(layer, pointer, index) for index in range(min(max(count, 1), most + 1))]
        if len(calls) > most:
            break
    return _sorted(calls) if several else calls


def _sorted(calls: list[Call]) -> list[Call]:
    """Calls in the order of their needs; among those that are ready the earlier listed first.

    A model of ours says which is the earlier one, for Keras lists the calls layer by layer.
    """
    lines = [call.line for call in calls]
    ranks = list(range(len(calls))) if None in lines else lines
    places = {_key(call): place for place, call in enumerate(calls)}
    waiting: dict[int, int] = {}
    takers: dict[int, list[int]] = defaultdict(list)
    for place, call in enumerate(calls):
        needs = {places[key] for key in _needs(call) if key in places}
        waiting[place] = len(needs)
        for need in needs:
            takers[need].append(place)
    ready = [(ranks[place], place) for place, count in waiting.items() if not count]
    heapq.heapify(ready)
    done: list[int] = []
    while ready:
        _, place = heapq.heappop(ready)
        done.append(place)
        for taker in takers[place]:
            waiting[taker] -= 1
            if not waiting[taker]:
                heapq.heappush(ready, (ranks[taker], taker))
    rest = sorted(set(waiting) - set(done))
    return [calls[place] for place in (*done, *rest)]


def _key(call: Call) -> Key:
    layer = call.layer if isinstance(call.layer, dict) else {}
    config = layer.get("config")
    name = layer.get("name", config.get("name") if isinstance(config, dict) else None)
    return (name if isinstance(name, str) else "", call.count)


def _needs(call: Call) -> set[Key]:
    """The calls whose tensors this one takes; a later call of a layer needs its first."""
    nodes = call.layer.get("inbound_nodes") if isinstance(call.layer, dict) else None
    found: set[Key] = {(_key(call)[0], call.count - 1)} if call.count else set()
    pending = [nodes[call.count]] if isinstance(nodes, list) and nodes else []
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            history = config.get("keras_history") if isinstance(config, dict) else None
            found |= {(name, node) for name, node, _ in histories(history)}
        elif isinstance(value, dict):
            pending += value.values()
    return found


def histories(value: Any) -> list[tuple[str, int, int]]:
    """`[name, node, output]`, a list of such, or an object of such, as tuples."""
    if isinstance(value, dict):
        return [found for member in value.values() for found in histories(member)]
    if not isinstance(value, list):
        return []
    if len(value) == 3 and isinstance(value[0], str):
        return [(value[0], _count(value[1]), _count(value[2]))]
    return [found for member in value for found in histories(member)]


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def leaves(value: Any) -> list[Any]:
    """What lists hold, nested ones too; null counts as nothing."""
    if isinstance(value, list):
        return [leaf for member in value for leaf in leaves(member)]
    return [] if value is None else [value]


def refs_in(value: Any) -> list[Any]:
    """The references to layers among the arguments of a call."""
    return [leaf for leaf in leaves(value) if isinstance(leaf, dict) and "layer" in leaf]


def are_floats(arguments: Any) -> bool:
    """Whether all tensors among the arguments of a call are floats."""
    tensors = [leaf for leaf in leaves(arguments) if isinstance(leaf, dict)]
    configs = [tensor.get("config") for tensor in tensors]
    dtypes = [config.get("dtype") for config in configs if isinstance(config, dict)]
    return all("float" in dtype for dtype in dtypes if isinstance(dtype, str))
