"""A job in a notebook: its state, where it is, its best values, and why it failed."""

from lamina.schemas.job import Job, Progress

from .markup import Markup, element, pairs, table

_SIGNS = {"succeeded": "✓", "failed": "✕", "cancelled": "–", "running": "▸"}


def job(found: Job) -> Markup:
    """One job as it was when last heard of."""
    sign = _SIGNS.get(found.state, "◦")
    facts = [
        ("id", found.id),
        ("dataset", found.dataset),
        ("model", found.model),
        ("network", found.architecture),
        ("parameters", (found.parameters or {}).get("total")),
        ("stopped by", found.stop_reason),
        ("waits for", found.waiting.detail if found.waiting else None),
        ("failed with", f"{found.error.code}: {found.error.detail}" if found.error else None),
    ]
    best = [(key, m.best, m.best_epoch, m.last) for key, m in found.metrics.items()]
    held = found.evaluation
    return element(
        "div",
        element("strong", f"{sign} {found.display_name or 'job'}: {found.state}"),
        _progress(found.progress) if found.progress else None,
        pairs(facts),
        table(("metric", "best", "epoch", "last"), best) if best else None,
        element("p", f"On the {held.part} part: {_told(held.metrics)}") if held else None,
    )


def _progress(progress: Progress) -> Markup:
    text = f"epoch {progress.epoch + 1} of {progress.epochs}"
    bar = element("progress", text, max=1, value=f"{progress.fraction:.4f}", aria_label=text)
    return element("p", bar, " ", text)


def _told(metrics: dict[str, float | None]) -> str:
    return ", ".join(
        f"{key} {'–' if value is None else format(value, '.4g')}" for key, value in metrics.items()
    )
