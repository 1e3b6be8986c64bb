"""Small data for the worked examples: real where scikit-learn has it, else with a known truth."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.datasets import load_digits, load_wine

Upload = tuple[str, bytes]
"""A file's name and its content."""


def _arrays(name: str, arrays: Mapping[str, Any]) -> Upload:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return name, content.getvalue()


def wine() -> Upload:
    """178 wines of three cultivars as a CSV."""
    found = load_wine()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*found.feature_names, "cultivar"])
    for row, target in zip(found.data, found.target, strict=True):
        writer.writerow([*row, found.target_names[target]])
    return "wine.csv", text.getvalue().encode()


def digits() -> Upload:
    """1,797 digits as numbers from 0 to 16."""
    found = load_digits()
    images = found.images[..., None].astype(np.float32)
    return _arrays("digits.npz", {"image": images, "label": found.target})


def pictures() -> Upload:
    """The digits scaled to 0..1, as an autoencoder gives them back."""
    return _arrays("pictures.npz", {"image": load_digits().images[..., None].astype("f4") / 16})


def reviews() -> Upload:
    """Sentences of six words; one of them tells whether the review is positive."""
    rng = np.random.default_rng(0)
    filler = [f"word{number}" for number in range(20)]
    tone = {True: ["great", "lovely", "superb"], False: ["awful", "boring", "poor"]}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["text", "positive"])
    for number in range(400):
        positive = number % 2 == 0
        words = [*rng.choice(filler, 5), rng.choice(tone[positive])]
        writer.writerow([" ".join(rng.permutation(words)), str(positive).lower()])
    return "reviews.csv", text.getvalue().encode()


def words() -> Upload:
    """Vectors of eight numbers for most words of the reviews, in GloVe's form."""
    rng = np.random.default_rng(5)
    known = [f"word{number}" for number in range(15)]
    known += ["great", "lovely", "superb", "awful", "boring", "poor"]
    rows = rng.normal(size=(len(known), 8)).round(4)
    lines = [" ".join([word, *map(str, row)]) for word, row in zip(known, rows, strict=True)]
    return "words.txt", "\n".join(lines).encode()


def homes() -> Upload:
    """A photo whose colour tells the kind of home, and facts that tell its price."""
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 4, 400)
    colours = np.array([[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9], [0.8, 0.8, 0.1]])
    photo = colours[kind][:, None, None, :] + rng.normal(0, 0.2, (400, 16, 16, 3))
    facts = rng.normal(size=(400, 6))
    price = facts @ np.array([2.0, -1.0, 0.5, 0.0, 1.0, 0.3]) + 0.1 * rng.normal(size=400)
    arrays = {"photo": photo.astype("f4"), "facts": facts.astype("f4")}
    return _arrays("homes.npz", arrays | {"price": price.astype("f4"), "kind": kind})


def scenes() -> Upload:
    """A bright square in noise, and the mask that says where it is."""
    rng = np.random.default_rng(0)
    masks = np.zeros((300, 16, 16, 1), np.float32)
    for mask, (top, left, size) in zip(masks, rng.integers(3, 9, (300, 3)), strict=True):
        mask[top : top + size, left : left + size] = 1
    noisy = masks + rng.normal(0, 0.4, masks.shape)
    return _arrays("scenes.npz", {"image": noisy.astype("f4"), "mask": masks})


def gestures() -> Upload:
    """Noisy sequences that rise, fall or turn."""
    rng = np.random.default_rng(0)
    gesture = rng.integers(0, 3, 300)
    time = np.linspace(-1, 1, 20)
    shapes = np.stack([time, -time, 1 - 2 * time**2])
    motion = shapes[gesture] + rng.normal(0, 0.3, (300, 20))
    return _arrays("gestures.npz", {"motion": motion[..., None].astype("f4"), "gesture": gesture})


def waves() -> Upload:
    """Sums of two sines of random phase; at each step the next value is wanted."""
    rng = np.random.default_rng(0)
    time = np.arange(33)
    phases = rng.uniform(0, 2 * np.pi, (300, 2, 1))
    wave = np.sin(time / 2 + phases[:, 0]) + np.sin(time / 5 + phases[:, 1])
    wave = wave.astype("f4")[..., None]
    return _arrays("waves.npz", {"past": wave[:, :-1], "next": wave[:, 1:]})


DATA: dict[str, Callable[[], Upload]] = {
    f"ds_{make.__name__}": make
    for make in (wine, digits, pictures, reviews, homes, scenes, gestures, waves)
}
"""What stands behind each dataset that an example names."""

FILES: dict[str, Callable[[], Upload]] = {"file_words": words}
"""What stands behind each side file."""
