"""Lines out of a pipe that is read in pieces."""

import os

_READ_BYTES = 1 << 18


class LineReader:
    """Splits what arrives on a descriptor into lines; longer ones than `most` are cut short."""

    def __init__(self, descriptor: int, most: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        self._most = most
        self._rest = bytearray()
        self._cutting = False
        os.set_blocking(descriptor, False)

    def read(self) -> list[bytes]:
        """The lines that are complete by now, without their ends. Sets `ended` at the end."""
        try:
            piece = os.read(self.descriptor, _READ_BYTES)
        except BlockingIOError:
            return []
        if not piece:
            self.ended = True
            last, self._rest = bytes(self._rest), bytearray()
            return [last] if last else []
        *lines, rest = (self._rest + piece).split(b"\n")
        self._rest = bytearray(rest)
        found = [bytes(line[: self._most]) for line in self._without_cut(lines)]
        if len(self._rest) > self._most:
            found += [] if self._cutting else [bytes(self._rest[: self._most])]
            self._rest.clear()
            self._cutting = True
        return found

    def _without_cut(self, lines: list[bytearray]) -> list[bytearray]:
        """Drop the end of a line whose beginning was given out already."""
        if not (self._cutting and lines):
            return lines
        self._cutting = False
        return lines[1:]
