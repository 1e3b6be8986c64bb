"""What is wrong with a filter or an order."""


class QueryError(ValueError):
    """A text that cannot be read, or names what is not there; `near` may hold what was meant."""

    def __init__(self, detail: str, name: str | None = None, known: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.detail, self.name, self.known = detail, name, known
