"""What a service leaves behind: nothing."""

from collections.abc import Callable
from pathlib import Path

from tests.api.running import Absent, running


def test_the_scratch_folder_goes_with_the_service(
    tmp_path: Path, make_sqlite: Callable[[], str]
) -> None:
    with running(tmp_path, make_sqlite(), Absent()) as served:
        assert served.services.uploads.is_dir()
    assert not served.services.uploads.parent.exists()
