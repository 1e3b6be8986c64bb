"""Sunspots year by year."""

from api.samples._base import DATA, Sample


class Sunspots(Sample):
    """A series with a cycle of about eleven years."""

    title = "Sunspots"
    summary = "A time series: how many spots the sun will have next year, by the years before."
    filename = "sunspots.csv"
    rows = 309
    target = "sunspots"
    source = "National Geophysical Data Center: yearly sunspot numbers, 1700 to 2008"
    licence = "public domain"

    @classmethod
    def content(cls) -> bytes:
        """The CSV."""
        return (DATA / cls.filename).read_bytes()
