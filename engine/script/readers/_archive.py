"""Archives of files."""

from typing import Any


def archive_files(path: str) -> dict[Any, bytes]:
    """The files of a ZIP or TAR archive by their paths, in order; without hidden ones."""
    import tarfile
    import zipfile
    from pathlib import PurePosixPath

    found: dict[str, bytes] = {}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            found = {one.filename: archive.read(one) for one in entries}
    else:
        with tarfile.open(path) as tape:
            for one in tape:
                content = tape.extractfile(one) if one.isfile() else None
                if content is not None:
                    found[one.name] = content.read()
    named = {PurePosixPath(name.replace("\\", "/")): data for name, data in found.items()}
    system = ("thumbs.db", "desktop.ini")
    return {
        name: named[name]
        for name in sorted(named, key=str)
        if name.name.lower() not in system
        and not any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    }
