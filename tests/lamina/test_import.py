"""Importing the package and asking for help cost little and need little."""

import subprocess
import sys

import pytest

_HEAVY = {"numpy", "keras", "tensorflow", "polars", "pandas", "httpx2", "rich"}


def _modules(*arguments: str) -> list[str]:
    """The modules that a fresh interpreter has at its end."""
    code = (
        "import sys, atexit; atexit.register(lambda: sys.stderr.write('|'.join(sys.modules)));"
        f"sys.argv[1:] = {list(arguments)!r};"
        + ("from lamina.cli import main; main()" if arguments else "import lamina")
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stderr.split("|")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("train", "--help")])
def test_nothing_heavy_is_imported(arguments: tuple[str, ...]) -> None:
    modules = _modules(*arguments)
    assert "lamina" in modules
    assert not _HEAVY & set(modules)


def test_the_client_needs_no_numbers_library() -> None:
    code = "import lamina, sys; lamina.Client; sys.stderr.write('|'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "lamina.client.service" in done.stderr
    assert not {"numpy", "keras", "polars", "pandas"} & set(done.stderr.split("|"))


def test_public_names_exist_and_others_do_not() -> None:
    import lamina

    assert all(getattr(lamina, name) is not None for name in lamina.__all__)
    assert set(lamina.__all__) <= set(dir(lamina))
    with pytest.raises(AttributeError, match="no attribute 'Klient'"):
        lamina.Klient  # noqa: B018
