"""Penguins of three species."""

from api.samples._base import DATA, Sample


class Penguins(Sample):
    """A table with numbers, words and gaps."""

    title = "Penguins"
    summary = "A table: which of three species a penguin is, by its bill, flippers and mass."
    filename = "penguins.csv"
    rows = 344
    target = "species"
    source = "A. M. Horst, A. P. Hill, K. B. Gorman: palmerpenguins (2020)"
    licence = "CC0-1.0"

    @classmethod
    def content(cls) -> bytes:
        """The CSV."""
        return (DATA / cls.filename).read_bytes()
