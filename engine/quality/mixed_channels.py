"""Colour images among grey ones."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import pictures


class MixedChannels(Rule):
    """An image without colours among coloured ones, or the other way round, may tell its class by
    that alone: often each class was collected from another source.
    """

    severity = "hint"
    handling = "Images get the channels of the Input: grey becomes RGB, an alpha channel goes."
    sets_off = (pictures([(8, 8, 3)] * 40 + [(8, 8, 1)] * 20),)
    stays_quiet = (pictures([(8, 8, 3)] * 60),)

    def check(self, data: Data) -> Iterator[Finding]:
        """More than one number of channels."""
        for column in data.columns("image"):
            channels = data.measured(column, "image").get("channels") or {}
            if len(channels) > 1:
                shown = ", ".join(f"{count} with {one}" for one, count in channels.items())
                detail = f"Images differ in their number of channels: {shown}."
                yield Finding((column.name,), detail, {"channels": channels})
