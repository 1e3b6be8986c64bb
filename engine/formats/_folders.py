"""The files of an archive whose folders are classes: which count, and what is wrong with others."""

from engine.dataset.limits import refusal
from engine.faults import Fault, Item
from engine.formats._archive import Member

NESTED = frozenset({".zip", ".gz", ".bz2", ".xz", ".7z", ".tar", ".rar", ".tgz", ".zst"})
MOST_ITEMS = 20


def in_classes(members: list[Member], what: str) -> tuple[list[Member], list[str]]:
    """The files that lie in class folders, and notes on those passed over.

    `what` they should be is said in messages. Raises Fault for archives within the archive, for
    files outside of folders, and when nothing is left.
    """
    kept, notes = visible(members)
    items = [
        Item("", "unreadable", f"{member.shown} lies in no class folder.")
        for member in kept
        if len(member.path.parts) < 2
    ]
    if items:
        raise Fault("invalid-dataset", items[0].detail, items[:MOST_ITEMS])
    if not kept:
        raise refusal("empty", f"The archive holds no {what} in class folders.")
    return kept, notes


def visible(members: list[Member]) -> tuple[list[Member], list[str]]:
    """The files that people put there, and a note on the others. Raises Fault for archives."""
    kept = [member for member in members if not member.hidden]
    items = [
        Item("", "unreadable", f"{member.shown} is an archive in an archive.")
        for member in kept
        if member.path.suffix.lower() in NESTED
    ]
    if items:
        raise Fault("invalid-dataset", items[0].detail, items[:MOST_ITEMS])
    hidden = len(members) - len(kept)
    return kept, [f"{hidden} hidden files were skipped."] if hidden else []
