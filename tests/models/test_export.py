"""Exports: made by one at a time, and again when whoever made one was lost."""

from collections.abc import Callable, Iterator

import pytest

from models.attempt import Attempt
from models.database import Database
from models.export import Export
from models.model import TrainedModel
from tests.models.test_attempt import claim, make_job, make_slots


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of each kind."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    opened = Database(make())
    yield opened
    opened.close()


def make_model(database: Database) -> str:
    make_slots(database)
    make_job(database)
    attempt = claim(database)
    assert isinstance(attempt, Attempt)
    model = TrainedModel(
        id=TrainedModel.new_id(),
        project_id=attempt.job.project_id,
        job_id=attempt.job.id,
        dataset_id=attempt.job.dataset_id,
        attempt=1,
        prefix="p",
        files={},
        stack={},
    )
    with database.session() as session:
        session.add(model)
    return model.id


def take(database: Database, model: str, lease: float = 60.0) -> int | None:
    with database.session() as session:
        return Export.claim(session, model, "onnx", lease)


def test_one_makes_it_and_the_lost_are_replaced(database: Database) -> None:
    model = make_model(database)
    assert take(database, model, lease=-1) == 1
    assert take(database, model) == 2, "the lease of the first has run out"
    assert take(database, model) is None, "it is being made"
    with database.session() as session:
        assert not Export.settle(session, model, "onnx", 1, state="ready", file={})
    with database.session() as session:
        assert Export.settle(session, model, "onnx", 2, state="ready", file={"bytes": 1})
    assert take(database, model) is None, "it is made"
    with database.reading() as session:
        (row,) = Export.of_models(session, [model])[model]
        assert (row.state, row.attempt, row.file) == ("ready", 2, {"bytes": 1})


def test_what_was_given_up_is_tried_again_and_what_is_gone_is_not(database: Database) -> None:
    model = make_model(database)
    assert take(database, model) == 1
    with database.session() as session:
        Export.give_up(session, model, "onnx", 1)
    assert take(database, model) == 1
    assert take(database, TrainedModel.new_id()) is None
    with database.session() as session:
        session.delete(session.get_one(TrainedModel, model))
    with database.session() as session:
        assert not Export.settle(session, model, "onnx", 1, state="ready")
