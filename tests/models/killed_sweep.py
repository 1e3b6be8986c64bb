"""A sweep that is killed at one of its steps: `python -m tests.models.killed_sweep`."""

import os
import signal
import sys
from pathlib import Path

from core.settings import Settings
from models.database import Database
from tests.models.test_trash import AGES, Fuse, fused_sweep


class Bomb(Fuse):
    """Kills the process, as no exception could."""

    def end(self) -> None:
        """Does not return."""
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    url, home, step = sys.argv[1:]
    settings = Settings(home=Path(home), trash_days=0, **AGES)  # type: ignore[arg-type]
    fused_sweep(Database(url), settings, Bomb(int(step)))
