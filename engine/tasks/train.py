"""Training a network: from a canonical request to a model's files."""

import shutil
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras

from engine.callbacks import ModelCheckpoint
from engine.callbacks.model_checkpoint import FOLDER as KEPT
from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.division import look as look_at_parts
from engine.evaluation.report import write_report
from engine.findings import Record
from engine.port import Port
from engine.quality import demand_sound
from engine.stack import build_network
from engine.stack.rates import is_left_to_test
from engine.training import artefacts, checkpoint
from engine.training.adaptation import adapt
from engine.training.baseline import compare
from engine.training.blame import classified
from engine.training.bound import batch_bound
from engine.training.compilation import (
    build_callbacks,
    compile_network,
    make_targets,
    output_shapes,
    target_columns,
)
from engine.training.device import held_bytes, mirrored, peak_bytes, prepare, versions
from engine.training.inheritance import inherit
from engine.training.initial_weights import initialise
from engine.training.loop import Ending, evaluate, train
from engine.training.material import Material
from engine.training.membership import write_membership
from engine.training.parts import Division
from engine.training.pieces import Pieces
from engine.training.reporter import Course
from engine.training.snapshot import Snapshot
from engine.training.tensors import Tensors
from engine.training.values import inspect
from engine.training.watch import Watch


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Train by a canonical request; the events and the result are those of the engine's contract.

    Raises Fault with a code of JOB_ERRORS. The seed of a request without one is 0.
    """
    deterministic = bool(payload["request"]["fit"].get("deterministic"))
    device = prepare(
        *(payload.get("threads"), int(payload.get("gpus") or 0), deterministic),
        payload.get("logical_cpus"),
    )
    with classified():
        return _Training(payload, port, device).run()


class _Training:
    """One run of the task, step by step."""

    def __init__(self, payload: dict[str, Any], port: Port, device: dict[str, Any]) -> None:
        self.payload, self.port, self.device = payload, port, device
        self.base_bytes = held_bytes(device["kind"])
        self.request = payload["request"]
        self.fit = {"batch_size": 32, **self.request["fit"]}
        self.pieces = Pieces(payload.get("micro_batch"), mirrored(payload))
        self.out = Path(payload["out"])
        self.out.mkdir(parents=True, exist_ok=True)
        schema = Schema.from_json(payload["schema"])
        self.encoder = Encoder.of_request(self.request["data"]["inputs"], schema)
        self.columns = target_columns(self.request["data"].get("target"), schema)
        self.schema = schema

    def run(self) -> dict[str, Any]:
        """Prepare data and network, fit, evaluate, write."""
        names = [name for asked in self.columns.values() for name in asked.columns]
        blank = {asked.columns[0] for asked in self.columns.values() if asked.blank}
        made = Material(self.payload, self.encoder, names, frozenset(blank), self.port)
        with closing(made) as material:
            return self._trained(material, [name for name in names if name not in blank])

    def _trained(self, material: Material, names: list[str]) -> dict[str, Any]:
        division = material.division
        self._warn_of_left_out(division)
        write_membership(self.out, division, self.request)
        found = material.findings(lambda: look_at_parts(division, self.request, names))
        if self.request["data"].get("on_findings") == "block":
            demand_sound(found, "data-error")
        network, stack, parts = self._prepared(material)
        course = self._course(parts["training"])
        if course.resumed is None:
            inspect(self.request, parts, output_shapes(network))
        self._announce(network, course, division)
        for finding in found if course.resumed is None else []:
            self.port.emit("advice", **finding)
        callbacks = self._callbacks(course)
        self.watch = self._watch(course, division)
        ending = train(network, self.fit, callbacks, parts, course, self.port, self.watch)
        result = self._result(network, stack, parts, division, ending)
        return {**result, "advice": [*found, *result["advice"]]} if "advice" in result else result

    def _prepared(self, material: Material) -> tuple[Any, dict[str, Any], dict[str, Tensors]]:
        """The compiled network, the stack it was built from, and the tensors of every part."""
        stack = adapt(self.request["stack"], material.x["training"])
        keras.utils.set_random_seed(int(self.fit.get("seed") or 0))
        settings = self.request["compile"]
        with self.pieces.scope():
            network = build_network(stack)
        self._start(network, stack)
        self.encoder.targets = make_targets(network, self.columns, settings, self.schema)
        training = material.division.parts["training"]
        self.encoder.fit_targets(training.dataset, training.rows)
        with self.pieces.scope():
            compile_network(network, settings, self.encoder.targets)
        parts = material.tensors()
        self.pieces.adopt(network, parts["training"])
        self.port.emit("encoded", **asdict(material.found))
        return network, stack, parts

    def _start(self, network: Any, stack: dict[str, Any]) -> None:
        """Give layers their first weights, where the request takes them from elsewhere."""
        if origin := self.request.get("init_from"):
            model = origin["model"]
            folder = Path(self.payload["models"][model]["dir"])
            inherit(network, stack, self.encoder, folder, model, self.port)
        initialise(network, stack, self.encoder, self.payload, self.port)

    def _course(self, training: Tensors) -> Course:
        return Course(
            epochs=int(self.fit["epochs"]),
            steps=-(-training.rows // int(self.fit["batch_size"])),
            out=self.out,
            checkpoint_seconds=float(self.payload.get("checkpoint_seconds", 10.0)),
            resumed=self._resumed(),
            layers=tuple(layer["name"] for layer in self.request["stack"]["layers"]),
            at_once=self._at_once(),
            pieces=self.pieces,
            finds_rate=is_left_to_test(self.request["compile"]["optimizer"]),
            known_rate=self.payload.get("learning_rate"),
        )

    def _callbacks(self, course: Course) -> list[Any]:
        """The callbacks; weights that are kept go into a folder, which a resume finds filled."""
        folder = self.out / KEPT
        if course.resumed is None:
            shutil.rmtree(folder, ignore_errors=True)
        found = build_callbacks(self.request.get("callbacks") or [])
        for callback in found:
            if isinstance(callback, ModelCheckpoint):
                callback.keep_in(folder, self.port)
        return found

    def _watch(self, course: Course, division: Division) -> Watch:
        """What looks on, told of the epochs before a resume."""
        first = course.resumed.epoch if course.resumed else 0
        known = [logs for epoch, logs in self.payload.get("history") or [] if epoch < first]
        record = Record(self.request, epochs=known, first=first - len(known), rows=division.counts)
        return Watch(record, self.fit.get("stop_on") or [], self.port)

    def _at_once(self) -> int | None:
        asked = self.request["compile"].get("steps_per_execution", "auto")
        return None if asked == "auto" else int(asked)

    def _resumed(self) -> Snapshot | None:
        folder = self.payload.get("resume")
        if not folder:
            return None
        found = checkpoint.newest(Path(folder))
        if found is None:
            detail = "The checkpoint is damaged; the training starts from the beginning."
            self.port.emit("warning", code="checkpoint-damaged", detail=detail)
        return found

    def _warn_of_left_out(self, division: Division) -> None:
        if division.left_out:
            detail = f"{division.left_out} rows without a target or weight are left out."
            self.port.emit("warning", code="rows-left-out", detail=detail)

    def _announce(self, network: Any, course: Course, division: Division) -> None:
        self.port.emit(
            "started",
            epochs=course.epochs,
            steps_per_epoch=course.steps,
            parameters=artefacts.parameters(network),
            device=self.device,
            from_epoch=course.resumed.epoch if course.resumed else 0,
            rows=division.counts,
            versions=versions(),
            batch_bound=batch_bound(network),
        )

    def _result(
        self,
        network: Any,
        stack: dict[str, Any],
        parts: dict[str, Tensors],
        division: Division,
        ending: Ending,
    ) -> dict[str, Any]:
        result: dict[str, Any] = {
            "outcome": ending.outcome,
            "stop_reason": ending.stop_reason,
            "epochs_completed": ending.epochs_completed,
            "parameters": artefacts.parameters(network),
            "summary": artefacts.summary(network),
            "evaluation": {"part": None, "rows": 0, "metrics": {}},
            "files": {},
        }
        if ending.outcome == "finished":
            result["evaluation"] = evaluate(
                network, parts, int(self.fit["batch_size"]), self.pieces
            )
            compare(result["evaluation"], self.encoder, parts)
            outputs = self._report(network, parts, division, result["evaluation"])
            result["advice"] = self.watch.conclude(
                network, ending.stop_reason, result["evaluation"], outputs
            )
            result["files"] = artefacts.write(self.out, network, stack, self.encoder)
        peak = peak_bytes(self.device["kind"])
        return {**result, "memory": {"base_bytes": self.base_bytes, "peak_bytes": peak}}

    def _report(
        self,
        network: Any,
        parts: dict[str, Tensors],
        division: Division,
        evaluation: dict[str, Any],
    ) -> dict[str, dict[str, Any]]:
        part = evaluation["part"]
        if part is None:
            return {}
        held = (parts[part], division.parts[part])
        try:
            return write_report(
                *(self.out, evaluation, network, self.encoder, held, self.request),
                self.pieces.rows,
            )
        except Exception as error:
            # What is told of a trained network is not worth the network.
            detail = f"The evaluation has no details: {type(error).__name__}: {error}"[:500]
            self.port.emit("warning", code="evaluation-failed", detail=detail)
            return {}
