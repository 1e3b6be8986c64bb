"""Converting stacks: the form of the request here, the stack in the engine."""

from typing import Any

from api.ask import ask
from api.checking import limits
from api.services import Services
from api.validation import attempt, refusal
from lamina.schemas.conversion import Conversion, ConvertRequest


async def convert(services: Services, document: Any) -> Conversion:
    """The stack in another form. Raises Refusal (422, 503) with every finding."""
    request, items = attempt(ConvertRequest, document)
    if request is None:
        raise refusal(items)
    payload = {"stack": request.stack, "to": request.to, "limits": limits(services)}
    found = await ask(services, "convert", payload, services.settings.check_seconds)
    return Conversion.model_validate(found)
