"""Every rule of advice."""

from pathlib import Path

from engine import advice, division, findings, quality

_FAMILIES = {
    "Of stacks, data and settings": (
        "Found before anything is trained; in plans, and so in the answers of `/v1/stacks/check`.",
        advice.RULES,
    ),
    "Of datasets": (
        "Found while a dataset is read; in its `advice`, and in plans of jobs over its columns.",
        quality.RULES,
    ),
    "Of the parts of a training": (
        "Found when rows are divided, before the first epoch.",
        division.RULES,
    ),
    "Of trainings": (
        "Found while a network trains or at its end; in `job.advice`.",
        findings.RULES,
    ),
}


def page(_assets: Path) -> str:
    """The page."""
    parts = ["# Rules of advice\n"]
    for title, (told, rules) in _FAMILIES.items():
        parts += [f"## {title}\n", f"{told}\n"]
        for rule in sorted(rules.values(), key=lambda rule: rule.name):
            parts += [f"### {rule.name}\n", f"*{rule.severity}*. {rule.why()}\n"]
            if handling := getattr(rule, "handling", None):
                parts.append(f"What the service does: {handling}\n")
            if getattr(rule, "during", False):
                parts.append("May end a training: `fit.stop_on`.\n")
    return "\n".join(parts)
