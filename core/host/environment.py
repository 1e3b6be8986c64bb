"""The environment of engine processes: none of the service's secrets."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE")
_KEPT_PREFIXES = ("NVIDIA_", "CUDA_", "XLA_", "TF_", "OMP_")


def clean_environment(folder: Path) -> dict[str, str]:
    """What an engine process needs to run, with `folder` as its home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "KERAS_HOME": str(folder / ".keras"),
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": kept.get("TF_CPP_MIN_LOG_LEVEL", "2"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def python(*arguments: str) -> list[str]:
    """The command that runs a module of ours with this interpreter."""
    return [sys.executable, "-m", *arguments]
