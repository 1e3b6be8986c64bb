"""A newcomer in a real browser: from a file to a trained model that answers, in a few clicks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from demo.data import write_penguins
from tests.fixtures.service import Service

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_SECONDS = 90

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: the dashboard is not tried in a browser"
)


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a fresh browser; what fails in its scripts fails the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        opened = browser.new_page()
        opened.set_default_timeout(_SECONDS * 1000)
        failures: list[str] = []
        opened.on("pageerror", lambda error: failures.append(str(error)))
        yield opened
        browser.close()
        assert failures == []


def test_a_file_becomes_a_model_that_answers(service: Service, page: Page, tmp_path: Path) -> None:
    write_penguins(tmp_path / "penguins.csv")
    page.goto(f"{service.url}/#/datasets")
    page.set_input_files("input[type=file]", tmp_path / "penguins.csv")
    page.get_by_role("button", name="Suggest and train").click()
    # Without a reload: the stream alone brings the state.
    expect(page.locator("[data-state=succeeded]")).to_be_visible(timeout=_SECONDS * 1000)
    expect(page.get_by_role("region", name="loss")).to_be_visible()
    page.get_by_role("link", name="Try the model").click()
    page.get_by_role("button", name="Predict").click()
    expect(page.locator(".outcome")).to_have_text("Adelie")
