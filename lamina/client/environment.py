"""Where the service is and who asks: given, or from the environment."""

import os

DEFAULT_URL = "http://127.0.0.1:8000"


def service_url(given: str | None) -> str:
    """The base URL: `given`, else LAMINA_URL, else the local default; no slash at its end."""
    return (given or os.environ.get("LAMINA_URL") or DEFAULT_URL).rstrip("/")


def api_key(given: str | None) -> str | None:
    """The API key: `given`, else LAMINA_API_KEY, else none."""
    return given or os.environ.get("LAMINA_API_KEY") or None
