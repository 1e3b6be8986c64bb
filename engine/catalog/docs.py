"""Reading Keras's docstrings: the first paragraph and the text of each argument."""

import inspect
import re
from typing import Any

_ARGUMENT = re.compile(r"^ {2,8}`{0,2}\**(\w+)`{0,2}(?: \([^)]*\))?: *(.*)$")
_SECTION = re.compile(r"^(Args|Arguments|Call arguments|Call Args|Returns?|Input shape|Examples?):")


def first_paragraph(target: Any) -> str:
    """The first paragraph of a docstring on one line, empty when there is none."""
    text = inspect.getdoc(target) or ""
    return " ".join(text.split("\n\n", 1)[0].split())


def argument_texts(target: Any) -> dict[str, str]:
    """Argument name to its text, from the `Args:` section of a docstring in Keras's form."""
    texts: dict[str, list[str]] = {}
    inside, current, margin = False, "", -1
    for line in (inspect.getdoc(target) or "").splitlines():
        if section := _SECTION.match(line):
            inside, current, margin = section[1] in ("Args", "Arguments"), "", -1
            continue
        if not inside:
            continue
        match = _ARGUMENT.match(line)
        indent = len(line) - len(line.lstrip())
        if match and (margin < 0 or indent <= margin):
            margin, current = indent, match[1]
            texts[current] = [match[2]]
        elif current and line.strip():
            texts[current].append(line.strip())
    return {name: " ".join(" ".join(lines).split()) for name, lines in texts.items()}
