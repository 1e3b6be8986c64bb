"""Trainings of many kinds, of which scripts are written."""

import io
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from palmerpenguins import load_penguins
from PIL import Image

from tests.engine.training import _job
from tests.engine.training.test_text import TAIL, reviews
from tests.engine.training.test_windows import series


@dataclass(frozen=True)
class Case:
    """A training: its data, its request, the format of the data."""

    data: dict[str, Any]
    body: dict[str, Any]
    form: str
    trains: bool = False


def penguins() -> Any:
    frame = load_penguins().drop(columns=["year"])
    return frame.assign(big=(frame["body_mass_g"] > 4000).astype(bool), n=range(len(frame)))


def _of_penguins(folder: Path) -> Case:
    body = {
        "data": {"dataset": "ds_x", "target": "species", "split": {"test": 0.2}},
        "stack": [
            {"class_name": "Dense", "units": 16, "activation": "relu", "name": "a-b"},
            {"class_name": "Dropout", "rate": 0.2},
            {"class_name": "Dense", "units": 3, "activation": "softmax"},
        ],
        "fit": {"epochs": 4, "batch_size": 16, "seed": 5, "class_weight": "balanced"},
        "compile": {
            "optimizer": {
                "class_name": "Adam",
                "learning_rate": {
                    "class_name": "CosineDecay",
                    "initial_learning_rate": 0.02,
                    "decay_steps": 100,
                },
            },
        },
        "callbacks": [
            {
                "class_name": "EarlyStopping",
                "monitor": "val_loss",
                "patience": 3,
                "restore_best_weights": True,
            }
        ],
    }
    data = _job.stored(folder, penguins().to_csv(index=False).encode())
    return Case(data, body, "csv", trains=True)


def _of_digits(folder: Path) -> Case:
    body = {
        "data": {"dataset": "ds_x", "target": "label"},
        "stack": [
            {"class_name": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
            {"class_name": "BatchNormalization"},
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 10, "activation": "softmax"},
        ],
        "compile": {"loss": "sparse_categorical_crossentropy"},
        "fit": {"epochs": 2, "batch_size": 64, "seed": 3},
        "callbacks": [
            {"class_name": "LearningRateScheduler", "schedule": {"0": 0.003, "1": 0.0005}},
            {"class_name": "ModelCheckpoint", "monitor": "val_loss", "mode": "min"},
        ],
    }
    return Case(_job.digits(folder), body, "npz", trains=True)


def _of_texts(folder: Path) -> Case:
    tokens = {"class_name": "tokens", "length": 8, "max_tokens": 200}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "mood",
            "inputs": {"text": {"columns": ["review"], "encoding": tokens}},
        },
        "stack": [{"class_name": "Input", "name": "text", "shape": [8], "dtype": "int32"}, *TAIL],
        "fit": {"epochs": 1, "batch_size": 32, "seed": 1},
    }
    return Case(reviews(folder), body, "csv")


def _of_text_folder(folder: Path) -> Case:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("__MACOSX/._x", "no text")
        for number in range(24):
            word = ("good", "größer", "bad", "zäh")[number % 4]
            data = f"a {word} thing {number % 5}\n".encode(("utf-8", "cp1252")[number % 2])
            file.writestr(f"all/{('yes', 'no')[number % 4 // 2]}/{number}.txt", data)
    bag = {"class_name": "bag_of_words", "max_tokens": 20, "mode": "tf_idf"}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "label",
            "inputs": {"text": {"columns": ["text"], "encoding": bag}},
        },
        "stack": [{"class_name": "Dense", "units": 2, "activation": "softmax"}],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "text_folder")


def _of_images(folder: Path) -> Case:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        for number in range(20):
            picture = io.BytesIO()
            exif = Image.Exif()
            exif[0x0112] = 6 if number % 3 else 1
            pixels = np.random.default_rng(number).integers(0, 255, (9, 7, 3), np.uint8)
            how = ({"format": "PNG"}, {"format": "JPEG"})[number % 2]
            Image.fromarray(pixels).convert(("RGB", "L")[number % 4 // 2]).save(
                picture, exif=exif, **how
            )
            entry = tarfile.TarInfo(f"{'ab'[number % 2]}/{number}.png")
            entry.size = picture.tell()
            picture.seek(0)
            file.addfile(entry, picture)
    image = {"class_name": "image", "height": 6, "width": 8, "resize": "pad", "scale": "standard"}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "label",
            "inputs": {"image": {"columns": ["image"], "encoding": image}},
        },
        "stack": [
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "image_folder")


def _of_labelled_images(folder: Path) -> Case:
    archive = io.BytesIO()
    lines = ["grade;file;kind"]
    with zipfile.ZipFile(archive, "w") as file:
        for number in np.random.default_rng(0).permutation(24).tolist():
            picture = io.BytesIO()
            Image.new("RGB", (4, 3), (number * 9, 50, number)).save(picture, "PNG")
            file.writestr(f"all/images/{number}.png", picture.getvalue())
            if number < 22:
                lines.append(f"{number / 2};images/{number}.png;{'xy'[number % 2]}")
        file.writestr("all/labels.csv", "\n".join(lines))
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "kind",
            "inputs": {"a": {"columns": ["image"]}, "b": {"columns": ["grade"]}},
        },
        "stack": [
            {"class_name": "Input", "name": "a", "shape": [3, 4, 3]},
            {"class_name": "Input", "name": "b", "shape": [1]},
            {"class_name": "Flatten", "name": "flat", "inputs": "a"},
            {"class_name": "Concatenate", "inputs": ["flat", "b"]},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "image_folder")


def _of_series(folder: Path) -> Case:
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "heat",
            "window": {"length": 5, "horizon": 2, "key": "town", "order": "t"},
        },
        "stack": [
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 4, "activation": "tanh"},
            {"class_name": "Dense", "units": 1},
        ],
        "fit": {"epochs": 2, "batch_size": 16, "seed": 2},
    }
    return Case(series(folder), body, "csv", trains=True)


def _of_array(folder: Path) -> Case:
    file = io.BytesIO()
    np.save(file, np.random.default_rng(0).normal(size=(60, 4)).astype(">f4"))
    body = {
        "data": {"dataset": "ds_x", "target": "column_4"},
        "stack": [{"class_name": "Dense", "units": 1}],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, file.getvalue()), body, "npy")


def _of_films(folder: Path) -> Case:
    """Texts as strings, dates in words, operations, labels of several kinds, parts by a column."""
    random = np.random.default_rng(4)
    lines = ["released;review;minutes;said;tags;grade"]
    for number in range(90):
        word = ("dull", "fine", "great")[number % 3]
        tags = [tag for tag in ("drama", "comedy", "war") if random.random() < 0.4]
        day = f"{number % 28 + 1}.{number % 12 + 1}.{1990 + number % 30} {number % 24}:05"
        minutes = "" if number % 11 == 0 else 80 + number
        part = ("train", "Training", "dev", "train", "test")[number % 5]
        grade = "" if number == 7 else ("poor", "fair", "good")[number % 3]
        text = f"A {word} film, größer number {number % 7}"
        lines.append(f"{day};{text};{minutes};{part};{'|'.join(tags)};{grade}")
    ordinal = {"class_name": "ordinal", "order": ["poor", "fair", "good"]}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": {
                "tags": {"columns": "tags", "encoding": "multi_label"},
                "grade": {"columns": "grade", "encoding": ordinal},
            },
            "inputs": {
                "text": {"columns": ["review"], "encoding": "raw"},
                "facts": {"columns": ["released", "minutes"]},
            },
            "split": {"by": "column", "column": "said"},
        },
        "stack": [
            {"class_name": "Input", "name": "text", "shape": [1], "dtype": "string"},
            {"class_name": "Input", "name": "facts"},
            {"class_name": "TextVectorization", "output_sequence_length": 6, "inputs": "text"},
            {"class_name": "Embedding", "input_dim": 40, "output_dim": 4},
            {"class_name": "ops.Mean", "axis": 1, "name": "mean"},
            {"class_name": "ops.Multiply", "kwargs": {"x2": _WEIGHTS}, "name": "weighed"},
            {"class_name": "ops.Concatenate", "axis": -1, "inputs": ["weighed", "facts"]},
            {"class_name": "Dense", "units": 8, "activation": "relu", "name": "hidden"},
            {"class_name": "Dense", "units": 3, "activation": "sigmoid", "name": "tags"},
            {"class_name": "Dense", "units": 2, "inputs": "hidden"},
            {"class_name": "ops.Sigmoid", "name": "grade"},
        ],
        "fit": {"epochs": 3, "batch_size": 16, "seed": 4},
        "compile": {"loss": dict.fromkeys(("tags", "grade"), "binary_crossentropy")},
    }
    return Case(_job.stored(folder, "\n".join(lines).encode()), body, "csv", trains=True)


_WEIGHTS = {"value": [0.5, 1, 2, 4], "dtype": "float32"}


def _of_pictures(folder: Path) -> Case:
    """Images that are learned themselves."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(20):
            picture = io.BytesIO()
            pixels = np.random.default_rng(number).integers(0, 255, (9, 7, 3), np.uint8)
            Image.fromarray(pixels).save(picture, "PNG")
            file.writestr(f"all/{'ab'[number % 2]}/{number}.png", picture.getvalue())
    body = {
        "data": {"dataset": "ds_x", "target": "image", "features": ["image"]},
        "stack": [
            {"class_name": "Input", "shape": [8, 8, 3]},
            {
                "class_name": "Conv2D",
                "filters": 3,
                "kernel_size": 3,
                "padding": "same",
                "activation": "sigmoid",
            },
        ],
        "fit": {"epochs": 2, "seed": 2},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "image_folder")


def _of_days(folder: Path) -> Case:
    """Windows over days whose words do not sort as they do."""
    days = np.arange("2023-11-01", "2024-02-20", dtype="datetime64[D]").astype(object)
    random = np.random.default_rng(1)
    lines = ["day,heat,place"]
    for place in "ab":
        for day in random.permutation(days):
            lines.append(f"{day.month}/{day.day}/{day.year},{random.normal():.3f},{place}")
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "heat",
            "features": ["heat"],
            "window": {"length": 4, "key": "place", "order": "day"},
            "split": {"test": 0.1},
        },
        "stack": [{"class_name": "Flatten"}, {"class_name": "Dense", "units": 1}],
        "fit": {"epochs": 2, "seed": 2},
    }
    return Case(_job.stored(folder, "\n".join(lines).encode()), body, "csv")


def _of_symptoms(folder: Path) -> Case:
    """Several labels in columns of their own, groups that stay together, moments with offsets."""
    random = np.random.default_rng(2)
    lines = ["seen,age,house,cough,fever"]
    for number in range(60):
        seen = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:30:00"
        answers = ",".join(("no", "yes")[random.integers(2)] for _ in "ab")
        lines.append(f"{seen}{('Z', '+05:30')[number % 2]},{number},h{number % 13},{answers}")
    body = {
        "data": {
            "dataset": "ds_x",
            "target": ["cough", "fever"],
            "features": ["seen", "age"],
            "split": {"by": "group", "column": "house", "test": 0.2, "seed": 6},
        },
        "stack": [{"class_name": "Dense", "units": 2, "activation": "sigmoid"}],
        "fit": {"epochs": 2, "seed": 2},
    }
    return Case(_job.stored(folder, "\n".join(lines).encode()), body, "csv")


MAKERS = {
    "penguins": _of_penguins,
    "digits": _of_digits,
    "texts": _of_texts,
    "text folder": _of_text_folder,
    "images": _of_images,
    "labelled images": _of_labelled_images,
    "series": _of_series,
    "array": _of_array,
    "films": _of_films,
    "pictures": _of_pictures,
    "days": _of_days,
    "symptoms": _of_symptoms,
}
NEWER = ("films", "pictures", "days", "symptoms")
"""Those that learn in ways of their own, or read what others do not."""
