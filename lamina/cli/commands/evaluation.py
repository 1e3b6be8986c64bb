"""`lamina evaluation`."""

from typing import TYPE_CHECKING

import typer

from lamina.cli import screen, words
from lamina.cli.options import JobId, Json
from lamina.cli.session import connect

if TYPE_CHECKING:
    from lamina.schemas.evaluation import EvaluationReport, OutputEvaluation

_MISTAKES, _WORST = 5, 5


def command(context: typer.Context, job: JobId, as_json: Json = False) -> None:
    """Show how good a job's network is on held-out rows."""
    found = connect(context).jobs.get(job).evaluation()
    if as_json:
        screen.print_json(found)
    else:
        show(found)


def show(found: "EvaluationReport") -> None:
    """Print an evaluation."""
    unknown = (f"{label} ({count})" for label, count in found.unknown_labels.items())
    screen.print_pairs(
        [
            ("part", f"{found.part}, {words.count(found.rows)} rows of {found.dataset}"),
            ("left out", words.count(found.left_out) if found.left_out else None),
            ("unknown labels", words.clean(", ".join(unknown)) or None),
            ("metrics", words.logs(found.metrics)),
            ("lift", _lift(found)),
        ]
    )
    for name, output in found.outputs.items():
        print()
        if len(found.outputs) > 1:
            print(f"{words.clean(name)}:")
        _show(output)


def _show(output: "OutputEvaluation") -> None:
    if output.reason:
        print(words.clean(output.reason))
        return
    metrics = {name: value for name, value in output.metrics.items() if value is not None}
    screen.print_pairs((name, words.number(value)) for name, value in metrics.items())
    if output.classes is not None:
        _show_classes(output)
    if output.positions:
        print()
        lines = [(p.position, *map(words.number, (p.mae, p.rmse, p.r2))) for p in output.positions]
        screen.print_table(("position", "mae", "rmse", "r2"), lines)
    worst = [one for one in output.worst if "true" in one][:_WORST]
    if worst:
        print()
        lines = [
            (one["row"], _told(one["true"]), _told(one["predicted"]), words.number(one["loss"]))
            for one in worst
        ]
        screen.print_table(("worst row", "true", "predicted", "loss"), lines)


def _show_classes(output: "OutputEvaluation") -> None:
    rows: list[tuple[object, ...]] = [
        (
            one.label,
            *map(words.number, (one.precision, one.recall, one.f1)),
            "" if one.roc_auc is None else words.number(one.roc_auc),
            words.count(one.support),
        )
        for one in output.classes or []
    ]
    for name, scores in (output.averages or {}).items():
        values = [words.number(scores[key]) for key in ("precision", "recall", "f1")]
        rows.append((f"({name} average)", *values, "", ""))
    print()
    screen.print_table(("class", "precision", "recall", "f1", "roc auc", "support"), rows)
    if output.confusions:
        print()
        mistakes = [(m.true, m.predicted, m.count) for m in output.confusions[:_MISTAKES]]
        screen.print_table(("is", "was taken for", "times"), mistakes)


def _lift(found: "EvaluationReport") -> str | None:
    lift = found.lift_over_baseline
    if not isinstance(lift, float):
        return None
    predictor = (found.baseline or {}).get("predictor")
    return f"{words.number(lift)} over the baseline ({words.clean(str(predictor))})"


def _told(value: object) -> str:
    return words.number(value) if isinstance(value, float) else str(value)
