"""Which of several representations a client wants: the `Accept` header (RFC 9110, 12.5.1)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Header

from api.refusal import Refusal, shown


class Offer:
    """A dependency: the media type to answer with, the first one when the client has no wish."""

    def __init__(self, *types: str) -> None:
        self.types = types

    async def __call__(
        self, accept: Annotated[str | None, Header(description="the media type wanted")] = None
    ) -> str:
        """The best type. Raises Refusal (406)."""
        if accept is None:
            return self.types[0]
        best = max(self.types, key=lambda kind: (_quality(accept, kind), kind == self.types[0]))
        if _quality(accept, best) <= 0:
            detail = f"Accept {shown(accept)} names none of: {', '.join(self.types)}."
            raise Refusal("not-acceptable", detail)
        return best


def _quality(accept: str, kind: str) -> float:
    """The weight of a type: that of the most exact range which holds it."""
    family = kind.partition("/")[0]
    exactness: Sequence[str] = (kind, f"{family}/*", "*/*")
    weights: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights[name] = next((_weight(p) for p in parameters if p.startswith("q=")), 1.0)
    return next((weights[name] for name in exactness if name in weights), 0.0)


def _weight(parameter: str) -> float:
    try:
        return min(max(float(parameter[2:]), 0.0), 1.0)
    except ValueError:
        return 0.0


JsonOrCsv = Annotated[str, Depends(Offer("application/json", "text/csv"))]
JsonOrText = Annotated[str, Depends(Offer("application/json", "text/plain"))]
