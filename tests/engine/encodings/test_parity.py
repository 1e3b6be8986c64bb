"""What a prediction sees is what the training saw, bit for bit; and the training part alone."""

import base64
import io
import json
import tempfile
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.dataset.canonical import Dataset, write
from engine.dataset.content import Content, Pictures
from engine.dataset.description import describe
from engine.dataset.encoder import Encoder, Feed
from engine.dataset.limits import Limits
from engine.encodings import ENCODINGS, made
from engine.faults import Fault
from engine.formats.csv import Csv
from engine.prediction.records import columns_of

VARIANTS: dict[str, list[dict[str, Any]]] = {
    "standard": [{}, {"missing": "flag"}, {"missing": "median", "clip": 2.0}, {"axis": None}],
    "min_max": [{}, {"low": -1.0, "clip": True}, {"missing": 7}],
    "robust": [{}, {"missing": "flag"}],
    "log": [{}, {"missing": "zero"}],
    "number": [{}, {"missing": "flag"}],
    "quantile": [{}, {"quantiles": 4}],
    "one_hot": [
        {},
        {"max_categories": 2},
        {"unknown": "other", "missing": "category"},
    ],
    "index": [{}, {"max_categories": 1, "missing": "category"}],
    "hash": [{"buckets": 5}, {"buckets": 3, "form": "one_hot"}],
    "frequency": [{}, {"log": True}],
    "ordinal": [{"order": ["false", "true"], "missing": "flag"}],
    "date": [
        {},
        {"cycles": False, "missing": "flag"},
        {"parts": ["elapsed", "week", "quarter", "day_of_year", "weekend", "minute", "second"]},
    ],
    "tokens": [
        {"length": 4},
        {"length": "auto", "ngrams": 2, "padding": "pre", "truncation": "pre"},
        {"length": 5, "split": "whitespace", "lowercase": False, "start_end_tokens": True},
        {"length": 3, "min_count": 2, "max_tokens": 4},
    ],
    "characters": [{"length": 6}, {"length": "auto", "lowercase": True, "padding": "pre"}],
    "bag_of_words": [
        {"max_tokens": 6},
        {"max_tokens": 4, "mode": "count", "ngrams": 2},
        {"max_tokens": 5, "mode": "tf_idf"},
    ],
    "image": [
        {"height": 4, "width": 5, "channels": channels, "resize": resize, "scale": scale}
        | {"interpolation": way}
        for channels, resize, scale, way in (
            (1, "stretch", "unit", "bilinear"),
            (3, "pad", "signed", "nearest"),
            (4, "crop", "standard", "bicubic"),
            (3, "stretch", "none", "lanczos"),
        )
    ],
    "raw": [{}, {"dtype": "float64"}],
}
CASES = [(name, variant) for name, variants in VARIANTS.items() for variant in variants]

words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)  # all that a dataset may hold
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))
zones = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30))])
VALUES: dict[str, tuple[Any, Any]] = {
    "number": (pl.Float64, st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9)),
    "integer": (pl.Int64, st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3)),
    "boolean": (pl.Boolean, st.booleans()),
    "text": (pl.String, words | st.sampled_from(["a b", "A  b c", "e\u0301té É", "the a b a"])),
    "date": (pl.Date, st.dates()),
    "moment": (pl.Datetime("us"), moments),
}


def stored(content: Content, folder: Path) -> Dataset:
    write(content, describe(content), folder)
    return Dataset(folder)


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Every bit, zero's sign included."""
    return (
        first.shape == second.shape
        and first.dtype == second.dtype
        and (first.tolist() == second.tolist() if first.dtype == object else
             first.tobytes() == second.tobytes())
    )  # fmt: skip


def check(dataset: Dataset, records: list[dict[str, Any]], rows: np.ndarray) -> None:
    """For every encoding that takes the column: training's tensor against prediction's."""
    column = dataset.schema.columns[0]
    for name, arguments in CASES:
        encoding = made(name, **arguments)
        if encoding.complaint(column) is not None:
            continue
        encoder = Encoder({"input": Feed([column], [encoding])})
        encoder.fit(dataset, rows)
        trained = encoder.inputs(dataset, np.arange(dataset.schema.rows))["input"]
        assert trained.dtype == object or np.isfinite(trained).all(), (name, arguments)
        kept = json.dumps(encoder.to_json(), allow_nan=False)
        again = Encoder.from_json(json.loads(kept))
        assert json.dumps(again.to_json(), allow_nan=False) == kept
        sent = json.loads(json.dumps(records))
        feed = again.feeds["input"]
        batch = feed.encode(columns_of(sent, again.columns))
        assert same(batch, trained), (name, arguments, batch, trained)
        single = [feed.encode(columns_of([one], again.columns)) for one in sent]
        assert same(np.concatenate(single), trained), (name, arguments)
        shape, dtype = encoding.output(column)
        assert dtype == "string" or trained.dtype == np.dtype(dtype)
        assert all(
            stated in (None, real) for stated, real in zip(shape, trained.shape[1:], strict=True)
        )


def spelled(value: Any, draw: Any) -> Any:
    """One of the ways in which a client may write a value."""
    if isinstance(value, datetime):
        zone = draw(zones)
        if zone is None:
            return draw(st.sampled_from([value.isoformat(" "), value.isoformat()]))
        return value.replace(tzinfo=UTC).astimezone(zone).isoformat()
    if isinstance(value, date):
        return draw(st.sampled_from([value.isoformat(), f"{value.isoformat()}T00:00:00"]))
    if isinstance(value, bool):
        return draw(st.sampled_from([value, str(value), str(value).upper()]))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and value:
        return draw(st.sampled_from([value, int(value)]))
    return value


WRITTEN = {
    "dates": "%Y-%m-%d",
    "moments": "%Y-%m-%dT%H:%M:%S",
    "dates, the day first": "%d/%m/%Y",
    "dates, the month first": "%m-%d-%Y",
    "dates with points": "%d.%m.%Y",
    "moments, the day first": "%d/%m/%Y %H:%M",
    "moments, the month first": "%m/%d/%Y %H:%M:%S.%f",
    "moments with points": "%d.%m.%Y %H:%M:%S",
}
TELLING = {  # which of day and month comes first, and that there are seconds and times
    name: [datetime(2024, 5, 31, 13, 5, 7, 120), datetime(1999, 12, 24)] for name in WRITTEN
}


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_dates_as_the_file_had_them(name: str, data: st.DataObject) -> None:
    """A record may be a line of the file as it stands, its words for what is missing too."""
    more = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30)).map(
        lambda one: one.strftime(WRITTEN[name])
    )
    gone = st.sampled_from(["", "NA", "?", " "])
    padded = st.sampled_from(["{}", " {}", "{} "])
    lines = [one.strftime(WRITTEN[name]) for one in TELLING[name]]
    lines += [way.format(one) for one, way in data.draw(st.lists(st.tuples(more | gone, padded)))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_text("x,d\n" + "".join(f"1,{line}\n" for line in lines), encoding="utf-8")
        content = Csv.read(path, Limits(), Path(folder), lambda _done, _total: None)
        assert content.written == {"d": name}
        flat = content.series("d")
        dataset = stored(Content(["d"], pl.DataFrame({"d": flat}), written=content.written),
                         Path(folder))  # fmt: skip
        (column,) = dataset.schema.columns
        assert (column.kind, column.written) == ("date", name)
        check(dataset, [{"d": line} for line in lines], np.arange(2))
        iso = [None if one is None else one.isoformat() for one in flat.to_list()]
        check(dataset, [{"d": one} for one in iso], np.arange(2))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("kind", sorted(VALUES))
def test_flat_columns(kind: str, data: st.DataObject) -> None:
    dtype, values = VALUES[kind]
    given_values = data.draw(st.lists(st.none() | values, min_size=3, max_size=12))
    if kind == "number":
        given_values = [None if one is None else float(one) for one in given_values]
    table = pl.DataFrame({"x": pl.Series(given_values, dtype=dtype)})
    rows = np.arange(data.draw(st.integers(1, len(given_values))))
    records = [{"x": spelled(value, data.draw)} for value in given_values]
    with tempfile.TemporaryDirectory() as folder:
        check(stored(Content(["x"], table), Path(folder)), records, rows)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_arrays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = (rng.normal(size=(5, 3, 2)) * 10.0 ** rng.integers(-20, 20)).astype(np.float32)
    records = [{"x": one.tolist()} for one in values]
    content = Content(["x"], pl.DataFrame(), tensors={"x": values})
    with tempfile.TemporaryDirectory() as folder:
        check(stored(content, Path(folder)), records, np.arange(3))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 4]))
def test_images(seed: int, channels: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = np.array([[*rng.integers(1, 9, 2), channels] for _ in range(4)], np.int32)
    pixels = [rng.integers(0, 256, shape, np.uint8) for shape in shapes]
    flat = np.concatenate([one.ravel() for one in pixels])
    content = Content(["x"], pl.DataFrame(), images={"x": Pictures(flat, shapes)})
    with tempfile.TemporaryDirectory() as folder:
        records = [{"x": png(one)} for one in pixels]
        check(stored(content, Path(folder)), records, np.arange(3))


def png(pixels: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_every_encoding_is_tried() -> None:
    assert set(VARIANTS) == set(ENCODINGS)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_only_the_training_part_is_learned_from(
    name: str, arguments: dict[str, Any], tmp_path: Path
) -> None:
    """Held-out rows may hold whatever: of the schema alone, their categories are known."""
    tables = {
        "number": [1.0, 2.5, None, 9.0, 1e9, -7.0],
        "category": ["true", "false", "true", None, "false", "true"],
        "date": [
            date(2020, 2, 3),
            None,
            date(2021, 5, 6),
            date(1990, 1, 1),
            None,
            date(9999, 1, 1),
        ],
    }
    turned = {kind: [*values[:3], *values[:2:-1]] for kind, values in tables.items()}
    for kind, values in tables.items():
        if not {kind, *(["text"] if kind == "category" else [])} & made(name, **arguments).kinds:
            continue
        states = []
        for number, given_values in enumerate((values, turned[kind])):
            folder = tmp_path / f"{kind}{number}"
            folder.mkdir()
            dataset = stored(Content(["x"], pl.DataFrame({"x": given_values})), folder)
            encoding = made(name, **arguments)
            column = dataset.schema.columns[0]
            encoding.fit(dataset.values("x", np.arange(3)), column)
            states.append(encoding.state())
        alone = made(name, **arguments)
        alone.fit(dataset.values("x")[:3], column)
        assert states[0] == states[1] == alone.state()


def test_numbers_beyond_the_tensor_are_refused_and_not_made_infinite() -> None:
    table = pl.DataFrame({"x": [0.0, 1.0, 3.5e38]})
    raw = made("raw")
    with tempfile.TemporaryDirectory() as folder:
        (column,) = stored(Content(["x"], table), Path(folder)).schema.columns
    assert "float32 cannot hold" in str(raw.complaint(column))
    assert made("raw", dtype="float64").complaint(column) is None
    with pytest.raises(Fault, match="float32 cannot hold"):
        raw.transform(np.array([1.0, 3.5e38]))
