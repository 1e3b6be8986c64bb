"""Networks that are known to be good are left in peace."""

import json
from typing import Any

import keras
import pytest

from engine.plan import clean_session, rehearsal
from engine.tasks import check

from ..silent import Silent
from .architectures import ARCHITECTURES

APPLICATIONS = ["VGG16", "ResNet50V2", "MobileNetV2", "EfficientNetB0", "DenseNet121"]
MOST_HINTS = 3


def blamed(payload: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], int]:
    """What is worse than a hint, and how many hints there are."""
    capsys.readouterr()
    advice = check.run(payload, Silent())["advice"]
    assert capsys.readouterr().err == "", "a rule failed"
    loud = [(one["rule"], one["detail"]) for one in advice if one["severity"] != "hint"]
    return loud, len(advice) - len(loud)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_published_architectures(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    loud, hints = blamed(ARCHITECTURES[name], capsys)
    assert loud == []
    assert hints <= MOST_HINTS


@pytest.mark.parametrize("name", APPLICATIONS)
def test_applications_of_keras(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with clean_session(), rehearsal():
        document = json.loads(getattr(keras.applications, name)(weights=None).to_json())
    loud, hints = blamed({"stack": document}, capsys)
    assert loud == []
    assert hints <= MOST_HINTS
