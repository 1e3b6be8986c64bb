"""Where the service is and who asks: given, or from the environment."""

import os
import re

from .errors import BadSource

DEFAULT_URL = "http://127.0.0.1:8000"


def service_url(given: str | None) -> str:
    """The base URL: `given`, else LAMINA_URL, else the local default; no slash at its end.

    Raises BadSource when it is no URL.
    """
    url = (given or os.environ.get("LAMINA_URL") or DEFAULT_URL).rstrip("/")
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise BadSource(f"{url!r} is no http:// or https:// URL")
    return url


def api_key(given: str | None) -> str | None:
    """The API key: `given`, else LAMINA_API_KEY, else none."""
    return given or os.environ.get("LAMINA_API_KEY") or None
