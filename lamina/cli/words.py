"""Numbers and moments as people read them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lamina.schemas.job import Progress


def clean(text: str) -> str:
    """The text without control characters, which could command the terminal; lines stay."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def number(value: float | None) -> str:
    """Four significant digits; `nan` for a value that was not finite."""
    return "nan" if value is None else f"{value:.4g}"


def count(value: int | None) -> str:
    """With thousands separated."""
    return "" if value is None else f"{value:,}"


def size(value: int) -> str:
    """Bytes in decimal units."""
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def duration(seconds: float | None) -> str:
    """Such as `45 s`, `3:05`, `2:10:00`; empty when unknown."""
    if seconds is None:
        return ""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def ago(moment: datetime) -> str:
    """How long ago, such as `5 min ago`."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for name, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {name} ago"
    return "just now"


def until(moment: datetime) -> str:
    """How long until then, such as `in about 3:05`."""
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return f"in about {duration(seconds)}" if seconds >= 1 else "now"


def epoch(progress: "Progress | None") -> str:
    """The epoch it is in, of how many, such as `3/20`; empty when it has not begun."""
    return f"{progress.epoch + 1}/{progress.epochs}" if progress else ""


def logs(values: Mapping[str, float | None]) -> str:
    """Metrics in a row, losses first."""
    names = sorted(values, key=lambda name: (name not in ("loss", "val_loss"), "val_" in name))
    return clean("  ".join(f"{name} {number(values[name])}" for name in names))
