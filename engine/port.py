"""The port of an engine task: where it reports events and learns of orders."""

from typing import Any, Literal, Protocol

Order = Literal["stop", "handover"]


class Port(Protocol):
    """What a task is given to speak with whoever started it.

    `emit` sends one event; its fields must be plain JSON data. `order` is None until the other
    side asks for an early end: `"stop"` (end after this epoch, keep the model) or `"handover"`
    (write a checkpoint as soon as possible and leave, the job goes on elsewhere).
    """

    @property
    def order(self) -> Order | None: ...

    def emit(self, event: str, **fields: Any) -> None: ...
