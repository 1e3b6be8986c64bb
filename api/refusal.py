"""Refusals: the one exception that routes raise, answered as an RFC 9457 problem."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from lamina.codes import ITEMS, PROBLEMS
from lamina.schemas._base import JsonObject
from lamina.schemas.problem import Problem, ProblemItem

_SHOWN = 80
MOST_ITEMS = 100
"""More findings than this are counted, not listed."""


class Refusal(Exception):
    """A request that is answered with a problem: its slug, what happened, and each finding.

    `status` is the slug's own unless given (`invalid-request` is 400 for what cannot be read).
    """

    def __init__(
        self,
        slug: str,
        detail: str,
        items: Iterable[ProblemItem] = (),
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        if slug not in PROBLEMS:
            raise ValueError(f"unknown problem {slug!r}: add it to lamina/codes.py")
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
        self.items = list(items)
        self.headers = dict(headers or {})
        self.status = status or PROBLEMS[slug][0]

    def problem(self, instance: str, request_id: str) -> Problem:
        """The problem as it goes over the wire."""
        detail = self.detail
        if len(self.items) > MOST_ITEMS:
            detail += f" {len(self.items)} findings; the first {MOST_ITEMS} are listed."
        return Problem(
            type=f"/problems/{self.slug}",
            title=PROBLEMS[self.slug][1],
            status=self.status,
            detail=detail,
            instance=instance,
            request_id=request_id,
            errors=self.items[:MOST_ITEMS],
        )


def item(
    pointer: str,
    code: str,
    detail: str,
    near: tuple[str, Iterable[str]] | None = None,
    parameter: str | None = None,
    fix: list[JsonObject] | None = None,
) -> ProblemItem:
    """One finding; `near` is a wrong name and the right ones, of which the closest are offered."""
    if code not in ITEMS:
        raise ValueError(f"unknown item code {code!r}: add it to lamina/codes.py")
    offers = get_close_matches(near[0][:200], list(near[1]), n=3, cutoff=0.5) if near else []
    return ProblemItem(
        pointer=pointer,
        code=code,
        detail=detail,
        did_you_mean=offers or None,
        parameter=parameter,
        fix=fix,
    )


def shown(text: str) -> str:
    """A client's text as it may stand in a message: quoted, escaped, and not long."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return ascii(short) if not short.isprintable() else f"'{short}'"
