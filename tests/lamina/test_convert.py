"""Conversions from Python and on the command line."""

import json
from pathlib import Path

import pytest

from lamina import Client
from lamina.client.problems import InvalidStack
from tests.fixtures.service import Service
from tests.lamina.cli.command import lamina

LAYERS = [
    {"class_name": "Input", "shape": [4]},
    {"class_name": "Dense", "units": 3, "activation": "relu"},
]


def test_a_stack_there_and_back(client: Client) -> None:
    written = client.convert(LAYERS, "keras")
    assert written["class_name"] == "Sequential"
    short = client.convert(written, "short")
    assert short == client.convert({"stack": LAYERS, "data": {"dataset": "ds_x"}}, "short")
    with pytest.raises(InvalidStack, match="Dens"):
        client.convert([{"class_name": "Dens"}], "short")


def test_the_command(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(LAYERS))
    done = lamina("convert", file, "--to", "keras", url=service.url)
    assert done.returncode == 0, done.stderr
    file.write_text(done.stdout)
    again = lamina("convert", file, "--to", "short", url=service.url)
    assert [layer["class_name"] for layer in json.loads(again.stdout)["layers"]] == [
        *("Input", "Dense"),
    ]
    assert lamina("convert", file, "--to", "yaml", url=service.url).returncode == 2
