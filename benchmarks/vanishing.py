"""What is left of a gradient after many steps of a recurrent layer, and what is learned with it.

`python -m benchmarks.vanishing --seeds 0 1 2 3 4` trains on the adding problem of S. Hochreiter and
J. Schmidhuber, "Long Short-Term Memory", 1997, section 5.4: every row is a series of numbers
between 0 and 1 of which two are marked, one in each half; their sum is to be told at the end. Who
knows the mean alone is wrong by 0.167 (squared). How the answer depends on a marked number is to
be 1, however long ago it was.
"""

import argparse
from statistics import mean, stdev
from typing import Any

import keras
import numpy as np
import tensorflow as tf

STEPS, UNITS, ROWS, HELD, BATCH, EPOCHS, RATE = 60, 32, 5000, 1000, 64, 30, 0.003
FAR = STEPS // 2
KINDS: dict[str, dict[str, Any]] = {
    "LSTM": {"class_name": "LSTM"},
    "SimpleRNN": {"class_name": "SimpleRNN"},
    "SimpleRNN, recurrent weights Glorot": {
        "class_name": "SimpleRNN",
        "recurrent_initializer": "glorot_uniform",
    },
}
TRAINED = ("LSTM", "SimpleRNN")
Rows = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks.vanishing")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(5)))
    seeds = parser.parse_args().seeds
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    held = adding(HELD, 1)
    print("| before training | gradient at the first step / at the last | factor a step |")
    print("|---|---|---|")
    for name in KINDS:
        shares = [_share(_network(name, seed), held[0]) for seed in seeds]
        factors = [share ** (1 / (STEPS - 1)) for share in shares]
        print(f"| {name} | {_spread(shares, '.1e')} | {_spread(factors)} |", flush=True)
    print("\n| trained | seed | squared error | dependence on the later mark | on the earlier |")
    print("|---|---|---|---|---|")
    for name in TRAINED:
        ends = []
        for seed in seeds:
            ends.append(_trained(_network(name, seed), held))
            print(
                f"| {name} | {seed} | {' | '.join(f'{one:.3f}' for one in ends[-1])} |", flush=True
            )
        if len(seeds) > 1:
            both = " | ".join(_spread(list(values)) for values in zip(*ends, strict=True))
            print(f"| {name} | all | {both} |", flush=True)


def adding(rows: int, seed: int) -> Rows:
    """Series of numbers and marks, and the sums of the two that are marked."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(0, 1, (rows, STEPS)).astype("float32")
    marks = np.zeros_like(values)
    marks[np.arange(rows), rng.integers(0, FAR, rows)] = 1
    marks[np.arange(rows), rng.integers(FAR, STEPS, rows)] = 1
    return np.stack([values, marks], axis=-1), (values * marks).sum(axis=1, keepdims=True)


def _network(name: str, seed: int) -> Any:
    keras.utils.set_random_seed(seed)
    arguments = dict(KINDS[name])
    layer = getattr(keras.layers, arguments.pop("class_name"))(UNITS, **arguments)
    network = keras.Sequential([keras.Input((STEPS, 2)), layer, keras.layers.Dense(1)])
    network.compile(keras.optimizers.RMSprop(RATE), "mse")
    return network


def _slopes(network: Any, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How the answer depends on each input of each step of each row."""
    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        answers = tf.reduce_sum(network(given))
    found: np.ndarray[Any, Any] = tape.gradient(answers, given).numpy()
    return found


def _share(network: Any, x: np.ndarray[Any, Any]) -> float:
    """The gradient that reaches the first step, as a share of that at the last."""
    norms = np.linalg.norm(_slopes(network, x), axis=-1).mean(axis=0)
    return float(norms[0] / norms[-1])


def _trained(network: Any, held: Rows) -> tuple[float, float, float]:
    """The error at the end, and how the answer depends on the later and the earlier mark."""
    network.fit(*adding(ROWS, 0), BATCH, EPOCHS, verbose=0)
    x, sums = held
    error = float(np.mean((network.predict(x, verbose=0) - sums) ** 2))
    marked = _slopes(network, x)[..., 0] * x[..., 1]
    late, early = marked[:, FAR:].sum(axis=1), marked[:, :FAR].sum(axis=1)
    return error, float(late.mean()), float(early.mean())


def _spread(values: list[float], form: str = ".3f") -> str:
    if len(values) == 1:
        return f"{values[0]:{form}}"
    return f"{mean(values):{form}} ± {stdev(values):{form}}"


if __name__ == "__main__":
    main()
