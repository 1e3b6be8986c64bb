"""The notes on layers: what each is for, and when to use it."""

from pathlib import Path

from engine.layers import HOME, read_notes


def page(_assets: Path) -> str:
    """The page."""
    parts = ["# When to use which layer\n"]
    for name, note in sorted(read_notes(HOME).items()):
        parts += [
            f"## {name}\n",
            f"{note.purpose}\n",
            f"*When to use it.* {note.use_when}\n",
            f"*What to watch out for.* {note.watch_out}\n",
            f"Goes with {', '.join(note.pairs_with)}; found in: {', '.join(note.architectures)}.\n",
        ]
    return "\n".join(parts)
