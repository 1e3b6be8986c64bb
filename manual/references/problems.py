"""Every code that a client may meet."""

from pathlib import Path

from api.remedies import REMEDIES
from lamina.codes import EVENTS, ITEMS, JOB_ERRORS, PROBLEMS
from manual.table import table


def page(_assets: Path) -> str:
    """The page."""
    parts = [
        "# Problems and codes\n",
        "Every error is a problem (RFC 9457); its `type` is `/problems/` and the slug.\n",
    ]
    for slug, (status, title) in PROBLEMS.items():
        parts += [f"## {slug}\n", f"**{status}**. {title}. {REMEDIES[slug]}\n"]
    parts += ["## Codes of what is wrong\n", "In the `errors` of a problem.\n"]
    parts.append(table(("code", "meaning"), ((f"`{code}`", told) for code, told in ITEMS.items())))
    parts += ["\n## Errors of jobs\n", "In `job.error`; those of the platform are tried again.\n"]
    blamed = (
        (f"`{code}`", who, "yes" if again else "") for code, (who, again) in JOB_ERRORS.items()
    )
    parts.append(table(("code", "to blame", "tried again"), blamed))
    parts.append("\n## Types of events\n")
    parts.append(table(("type", "meaning"), ((f"`{name}`", told) for name, told in EVENTS.items())))
    return "\n".join(parts) + "\n"
