"""The learning-rate range test: some steps at growing rates, after which all is put back.

Source: L. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017 (arXiv:1506.01186),
section 3.3; that rates grow by a factor, and when to end, as S. Gugger has it in "How Do You Find A
Good Learning Rate", 2018.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.port import Port
from engine.training import snapshot
from engine.training.canary import set_aside
from engine.training.descent import Descent, steepest
from engine.training.reporter import HandedOver
from engine.training.steps import Steps

LOWEST, HIGHEST, UPDATES = 1e-7, 10.0, 100
"""The rates that are tried, and the updates of the optimizer from the one to the other."""

_WORSE = 3.0
"""The test ends at a loss this far above the best, in units of what was gained or of the best."""


def find_rate(network: Any, steps: Steps, out: Path, port: Port) -> float:
    """Find the rate of a compiled network that has its metrics, and give it to the optimizer.

    `steps` are those over the training part; each batch is one of the first epoch's, again and
    again where these are fewer. Weights, the optimizer's state and seeds are afterwards as
    before. Where no rate lowers the loss the optimizer keeps its own, with a warning. Tells the
    curve in an event.
    """
    own = float(network.optimizer.learning_rate)
    with set_aside(network, out, port) as before:
        rates, losses = _tried(network, steps, port)
        snapshot.restore(before, network, [])
    network.reset_metrics()
    found = steepest(rates, losses)
    rate = own if found.rate is None else float(f"{found.rate:.3g}")
    if found.rate is None:
        detail = f"No learning rate lowers the loss by more than it scatters: {own:g} stays."
        port.emit("warning", code="rate-unfound", detail=detail)
    network.optimizer.learning_rate = rate
    port.emit("range-test", learning_rate=rate, **_told(rates, losses, found))
    return rate


def _told(rates: list[float], losses: list[float], found: Descent) -> dict[str, Any]:
    return {
        "found": found.rate is not None,
        "rates": [float(f"{rate:.4g}") for rate in rates],
        "losses": [float(f"{loss:.6g}") for loss in losses],
        "smoothed": [float(f"{loss:.6g}") for loss in found.smoothed],
    }


def _tried(network: Any, steps: Steps, port: Port) -> tuple[list[float], list[float]]:
    """The rates that were tried and the losses of their batches, up to where it diverges.

    Raises HandedOver.
    """
    batches = _endless(steps)
    each = _batches_of_an_update(network.optimizer)
    rates: list[float] = []
    losses: list[float] = []
    for rate in np.geomspace(LOWEST, HIGHEST, UPDATES):
        network.optimizer.learning_rate = float(rate)
        network.reset_metrics()
        for _ in range(each):
            logs = network.train_function(batches)
        loss = float(logs["loss"])
        if not math.isfinite(loss):
            break
        rates.append(float(rate))
        losses.append(loss)
        best = min(losses)
        if loss > best + _WORSE * max(abs(best), losses[0] - best):
            break
        if port.order == "handover":
            raise HandedOver
    return rates, losses


def _batches_of_an_update(optimizer: Any) -> int:
    """How many batches an optimizer gathers; a scaling one asks the one within."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    return int(getattr(inner, "gradient_accumulation_steps", None) or 1)


def _endless(steps: Steps) -> Iterator[Any]:
    """Whole batches, one at a time; a single one where it is not whole."""
    while True:
        yield from steps.numbers().take(steps.whole)
