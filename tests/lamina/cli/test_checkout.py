"""Starting the server's programs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lamina.cli.checkout import ROOT

_STARTS = [("up", "core.embedded"), ("worker", "worker"), ("migrate", "migrations")]


def _run(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """The command of a copy of the package that lies in `root`."""
    shutil.copytree(ROOT / "lamina", root / "lamina", ignore=shutil.ignore_patterns("__pycache__"))
    return subprocess.run(
        [sys.executable, "-m", "lamina", command, "--some", "argument"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("command", "module"), _STARTS)
def test_without_the_server_it_says_so(command: str, module: str, tmp_path: Path) -> None:
    done = _run(tmp_path, command)
    assert done.returncode == 2
    folder = module.partition(".")[0]
    assert f"no folder {folder!r} in {tmp_path}" in done.stderr


@pytest.mark.parametrize(("command", "module"), _STARTS)
def test_the_program_takes_over_in_the_checkout(command: str, module: str, tmp_path: Path) -> None:
    folder, _, name = module.partition(".")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "__init__.py").touch()
    program = "import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(7)\n"
    (tmp_path / folder / f"{name or '__main__'}.py").write_text(program)
    done = _run(tmp_path, command)
    assert done.returncode == 7, done.stderr
    assert done.stdout == f"{tmp_path} ['--some', 'argument']\n"
