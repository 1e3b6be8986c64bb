"""Suggesting a job body for a dataset: its form here, the choices in the engine."""

from typing import Any

from api.ask import ask
from api.auth import Caller
from api.checking import datasets_of, limits
from api.services import Services
from api.validation import attempt, refusal
from lamina.schemas.suggestion import Suggestion, SuggestRequest


async def suggest(services: Services, caller: Caller, document: Any) -> Suggestion:
    """A body that trains well. Raises Refusal (409, 422, 503) with every finding."""
    request, items = attempt(SuggestRequest, document)
    if request is None:
        raise refusal(items)
    data = request.data.model_dump(mode="json", exclude_unset=True)
    datasets, troubles = await datasets_of(services, caller, data)
    if troubles:
        raise refusal(troubles)
    dataset = datasets["dataset"]
    payload = {
        "data": {**data, "dataset": dataset.id},
        "schema": dataset.schema,
        "classes": dataset.classes,
        "limits": limits(services),
    }
    found = await ask(services, "suggest", payload, services.settings.check_seconds)
    return Suggestion.model_validate(found)
