"""`lamina show`."""

from typing import TYPE_CHECKING

import typer

from lamina.cli import screen, words
from lamina.cli.options import JobId, Json
from lamina.cli.session import connect

if TYPE_CHECKING:
    from lamina.schemas.job import Chosen, JobMemory, Repair


def command(context: typer.Context, job: JobId, as_json: Json = False) -> None:
    """Show all about a job."""
    found = connect(context).jobs.get(job).resource
    if as_json:
        screen.print_json(found)
        return
    error = found.error
    screen.print_pairs(
        [
            ("job", found.id),
            ("state", found.state),
            ("reason", found.stop_reason),
            ("error", f"{error.detail} [{error.code}, blame: {error.blame}]" if error else None),
            ("name", found.display_name),
            ("tags", ", ".join(found.tags)),
            ("dataset", found.dataset),
            ("model", found.model),
            ("architecture", found.architecture),
            ("parameters", words.count((found.parameters or {}).get("total"))),
            ("epoch", words.epoch(found.progress)),
            ("queue position", found.queue_position),
            ("starts", words.until(found.estimated_start) if found.estimated_start else None),
            ("waiting", found.waiting.detail if found.waiting else None),
            ("learning rate", _rate(found.chosen)),
            ("memory", _memory(found.memory) if found.memory else None),
            ("repairs", _repairs(found.repairs)),
            ("attempt", found.attempt),
            ("worker", found.device.worker if found.device else None),
            ("created", words.ago(found.created_at)),
            ("finished", words.ago(found.finished_at) if found.finished_at else None),
        ]
    )
    if found.metrics:
        print()
        rows = [
            (name, words.number(one.last), words.number(one.best), one.best_epoch)
            for name, one in found.metrics.items()
        ]
        screen.print_table(("metric", "last", "best", "best epoch"), rows)


def _rate(chosen: "Chosen | None") -> str | None:
    """The learning rate, where the service has found it."""
    if chosen is None or chosen.learning_rate is None:
        return None
    return f"{words.number(chosen.learning_rate)}, found (lamina metrics --range-test)"


def _memory(held: "JobMemory") -> str:
    predicted = held.predicted_bytes
    text = f"{words.size(held.peak_bytes)} at most"
    return f"{text}, {words.size(predicted)} predicted" if predicted else text


def _repairs(repairs: "list[Repair]") -> str | None:
    """Why and how the last attempt was begun in another way."""
    if not repairs:
        return None
    last = repairs[-1]
    return f"{last.cause}: {last.micro_batch} rows at a time, {last.accumulation} times a step"
