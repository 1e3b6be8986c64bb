"""What the documentation says to type is typed, in its order, against a real service."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from palmerpenguins import load_penguins

from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service

PAGES = (
    "README.md",
    "docs/tutorial.md",
    *sorted(f"docs/howto/{path.name}" for path in (ROOT / "docs/howto").glob("*.md")),
)
_BLOCK = re.compile(
    r"(?P<mark><!-- not run: [^>]+ -->\n)?```(?P<kind>sh|python|text)\n(?P<text>.*?)```", re.DOTALL
)
_ID = re.compile(r"\b(?:job|ds|mdl|file)_[0-9a-z]{26}\b")


@dataclass
class Reader:
    """Someone who types what stands there, with the ids that were shown last."""

    folder: Path
    service: Service
    known: dict[str, list[str]] = field(default_factory=dict)

    def type(self, kind: str, text: str) -> str:
        """What the commands of a block, or a script, print. Fails if one of them does."""
        typed = text.replace("http://127.0.0.1:8000", self.service.url)
        for kind_of, ids in self.known.items():
            for number in reversed(ids):  # the second of one command is another one
                typed = re.sub(rf"\b{kind_of}_…", number, typed, count=1)
        done = subprocess.run(
            [sys.executable, "-"] if kind == "python" else ["bash", "-euo", "pipefail", "-s"],
            input=typed if kind == "python" else f"{_FAILING_CURL}\n{typed}",
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{typed}\n{said}"
        for found in _ID.findall(said):
            ids = self.known.setdefault(found.partition("_")[0], [])
            if found in ids:
                ids.remove(found)
            ids.append(found)
        return said

    def _environment(self) -> dict[str, str]:
        here = Path(sys.executable).parent
        return {
            "PATH": f"{here}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LAMINA_URL": self.service.url,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }


_FAILING_CURL = 'curl() { command curl --fail-with-body "$@"; }'


def blocks(page: str) -> Iterator[re.Match[str]]:
    """The blocks of a page."""
    return _BLOCK.finditer((ROOT / page).read_text())


def commands(text: str) -> Iterator[str]:
    """The commands of a block, one after the other: ids are taken from what was said before."""
    begun = ""
    for line in text.splitlines(keepends=True):
        begun += line
        try:
            whole = bool(shlex.split(begun, comments=True)) and not line.endswith("\\\n")
        except ValueError:  # a quote is open
            continue
        if whole:
            yield begun
            begun = ""


@pytest.fixture(scope="module")
def reader(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader with a file of penguins, in a folder like that of a checkout."""
    folder = tmp_path_factory.mktemp("reader")
    penguins = load_penguins()
    penguins.drop(columns="year").to_csv(folder / "penguins.csv", index=False)
    numbers = {"bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192}
    record = {"island": "Dream", **numbers, "body_mass_g": 3500, "sex": None}
    (folder / "records.json").write_text(json.dumps([record]))
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    (folder / "examples").symlink_to(ROOT / "examples")
    return Reader(folder, service)


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_there_works(reader: Reader, page: str) -> None:
    said = ""
    for block in blocks(page):
        if block["kind"] == "text":
            for line in block["text"].splitlines() if said else ():
                assert " ".join(line.split()) in " ".join(said.split()), said
        elif not block["mark"]:
            whole = block["kind"] == "python"
            typed = [block["text"]] if whole else commands(block["text"])
            said = "".join(reader.type(block["kind"], text) for text in typed)
        else:
            said = ""
