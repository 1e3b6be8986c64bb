"""A browser, and pages that fail the test when something fails in their scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from demo.scene import WEBHOOKS, fill
from demo.screenshots import FLAGS, chromium
from lamina import Client
from tests.fixtures.service import MakeService, Service

SECONDS = 90
_ROWS = [{"a": i % 10, "b": i % 7, "label": "yes" if i % 10 > i % 7 else "no"} for i in range(60)]
_STACK = [
    {"class_name": "Dense", "units": 4, "activation": "relu"},
    {"class_name": "Dense", "units": 2, "activation": "softmax"},
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium, say what is not tried."""
    if chromium() is None:
        reason = "no Chromium: the dashboard is not tried in a browser"
        for item in items:
            if item.path.parent.name == "browser":
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def own(make_service: MakeService) -> Iterator[Service]:
    """A running service of this module's own, empty at first."""
    made = make_service(LAMINA_WEBHOOK_TO=WEBHOOKS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, own: Service) -> Iterator[Page]:
    """A page of a fresh profile, at the service's addresses."""
    # Scripts of tests come from outside the page, which its policy forbids.
    context = browser.new_context(base_url=own.url, reduced_motion="reduce", bypass_csp=True)
    opened = context.new_page()
    opened.set_default_timeout(SECONDS * 1000)
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert failures == []


@pytest.fixture(scope="module")
def endless(own: Service) -> dict[str, Any]:
    """The body of a training that lasts longer than anybody looks."""
    with Client(own.url) as client:
        dataset = client.upload(_ROWS, name="points").wait(60).id
    data = {"dataset": dataset, "target": "label"}
    return {"data": data, "stack": _STACK, "fit": {"epochs": 100_000, "batch_size": 4}}


@pytest.fixture(scope="module")
def addresses(own: Service) -> dict[str, str]:
    """All pages by name, of a service with a few short trainings."""
    with Client(own.url) as client:
        return fill(client, epochs=2)
