"""Running the command line as its users do: as a program."""

import os
import pty
import subprocess
import sys
from pathlib import Path

_ENVIRONMENT = {"COLUMNS": "100", "PYTHONWARNINGS": "error"}


def lamina(
    *arguments: str | Path,
    url: str | None = None,
    given: str | None = None,
    seconds: float = 120,
) -> subprocess.CompletedProcess[str]:
    """The finished program: output, errors, exit code."""
    return subprocess.run(
        [sys.executable, "-m", "lamina", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        env=_environment(url),
    )


def in_terminal(*arguments: str | Path, url: str | None = None) -> tuple[str, int]:
    """What the program draws on a terminal, and its exit code."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lamina", *map(str, arguments)],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**_environment(url), "TERM": "xterm-256color"},
    )
    os.close(its)
    drawn = b""
    try:
        while chunk := os.read(ours, 65536):
            drawn += chunk
    except OSError:  # the other end has closed
        pass
    finally:
        os.close(ours)
    return drawn.decode(), process.wait(timeout=60)


def _environment(url: str | None) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LAMINA_")}
    return {**clean, **_ENVIRONMENT, **({"LAMINA_URL": url} if url else {})}
