"""JSON Pointers (RFC 6901) into the document as it was sent."""


def join(base: str, *parts: str | int) -> str:
    """The pointer of a member below `base`."""
    for part in parts:
        base += "/" + str(part).replace("~", "~0").replace("/", "~1")
    return base
