"""`python -m migrations`: bring the database to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config

if __name__ == "__main__":
    command.upgrade(Config(Path(__file__).parent.parent / "alembic.ini"), "head")
