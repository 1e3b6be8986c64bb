"""What encodings of inputs and of targets share: arguments, and a state that is learned."""

import copy
from abc import ABC
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Fitted(BaseModel, ABC):
    """Fields are the arguments that a client may write, with types, limits and descriptions.

    What is learned is kept in private attributes of plain JSON values, which make up the state.
    The name on the wire is the file's.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    name: ClassVar[str] = ""
    kinds: ClassVar[frozenset[str]] = frozenset()
    """The kinds of column that it accepts."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    def to_json(self) -> dict[str, Any]:
        """The canonical object of a request body, every argument present."""
        return {"class_name": self.name, **self.model_dump(mode="json")}

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        names = self.__private_attributes__
        return {name[1:]: copy.deepcopy(getattr(self, name)) for name in names}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what another instance's `state()` gave."""
        for name in self.__private_attributes__:
            if name[1:] in state:
                setattr(self, name, copy.deepcopy(state[name[1:]]))
