"""Event files are those that TensorBoard reads."""

import io
import math
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running

FIT = {"epochs": 3, "shuffle": True}
COMPILE = {"optimizer": {"class_name": "SGD", "learning_rate": 0.01}, "loss": "mse"}


def test_tensorboard_reads_what_was_trained(
    fresh: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, project = fresh.database, fresh.project()
    dataset = make_dataset(database, project)
    request = {"data": {"dataset": dataset}, "compile": COMPILE, "fit": FIT}
    job = make_job(database, project, dataset, request=request)
    attempt = claim_job(database, "host-a")
    told = [{"loss": 0.5, "val_loss": 0.75}, {"loss": math.nan, "val_loss": math.inf}]
    for epoch, logs in enumerate(told):
        with database.session() as session:
            attempt.report_epoch(session, epoch, logs, 0.1)
    answer = fresh.client.get(f"/v1/jobs/{job}/tensorboard")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    # TensorBoard's sign for doing without TensorFlow, which no test process imports.
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("notf"))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    train, validation = (
        EventAccumulator(str(tmp_path / job / run)).Reload() for run in ("train", "validation")
    )
    assert train.Tags()["scalars"] == validation.Tags()["scalars"] == ["epoch_loss"]
    first, second = train.Scalars("epoch_loss")
    assert (first.step, first.value, second.step) == (0, 0.5, 1)
    assert math.isnan(second.value)
    assert [point.value for point in validation.Scalars("epoch_loss")] == [0.75, math.inf]
    assert first.wall_time <= second.wall_time
    content = train.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    settings = HParamsPluginData.FromString(content).session_start_info.hparams
    assert settings["compile.optimizer.learning_rate"].number_value == 0.01
    assert settings["compile.loss"].string_value == "mse"
    assert settings["fit.shuffle"].bool_value is True


def test_a_job_that_waits_has_its_settings_alone(fresh: Running) -> None:
    project = fresh.project()
    job = make_job(fresh.database, project, make_dataset(fresh.database, project))
    answer = fresh.client.get(f"/v1/jobs/{job}/tensorboard")
    [name] = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert name.startswith(f"{job}/train/events.out.tfevents.")
    assert (
        fresh.client.get("/v1/jobs/job_00000000000000000000000000/tensorboard").status_code == 404
    )
