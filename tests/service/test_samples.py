"""Every sample is read without an error and has a suggestion that can be submitted as it is."""

import pytest

from api.samples import SAMPLES
from lamina import Client
from tests.fixtures.service import Service
from tests.lamina.cli.command import lamina


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_has_a_suggestion(service: Service, name: str) -> None:
    with Client(service.url) as client:
        listed = {one.name: one for one in client.datasets.samples()}
        sample = listed[name]
        dataset = client.datasets.sample(name).wait(60)
        assert dataset.rows == sample.rows
        assert sample.target in [column.name for column in dataset.columns or []]
        assert [one for one in dataset.advice if one.severity == "error"] == []
        suggestion = client.suggest(dataset.id, target=sample.target)
        assert client.validate(suggestion.request).parameters is not None


def test_the_command_line_makes_one(service: Service) -> None:
    assert "penguins" in lamina("datasets", "samples", url=service.url).stdout
    made = lamina("datasets", "sample", "sunspots", url=service.url).stdout
    assert made.startswith("ds_")
    assert made.rstrip().endswith("309 rows, 2 columns")
