"""`python -m demo.screenshots`: every page of the dashboard as a picture, for docs/images."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.console import Console

from demo.scene import WEBHOOKS, fill
from demo.service import running_service
from lamina import Client

console = Console()

FOLDER = Path(__file__).parents[1] / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_WIDTHS = {"wide": (1280, 860), "narrow": (360, 740)}
_QUALITY = 72
_WHOLE = {f"{name}-{scheme}-wide" for name in ("dataset", "compare") for scheme in _SCHEMES}


def chromium() -> str | None:
    """The Chromium of the system."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def main() -> int:
    """Start a service, train on the samples, walk all pages; 2 without a Chromium."""
    found = chromium()
    if found is None:
        console.print("no Chromium on this machine")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="lamina-screenshots-") as folder,
        running_service(Path(folder), LAMINA_WEBHOOK_TO=WEBHOOKS) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        walk(browser, url)
        browser.close()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    console.print(f"{FOLDER}: {total / 1e6:.1f} MB")
    return 0


def walk(browser: Browser, url: str) -> None:
    """Every page, light and dark, wide and narrow."""
    with _looks(browser) as pages:
        for look, page in pages.items():
            page.goto(f"{url}/#/jobs")
            expect(page.get_by_role("button", name="Train on")).to_have_count(4)
            _keep(page, f"first-steps-{look}")
    with Client(url) as client:
        addresses = fill(client)
    with _looks(browser) as pages:
        for look, page in pages.items():
            for name, address in addresses.items():
                page.goto(f"{url}/#/{address}")
                settle(page)
                if name == "new":
                    _write_a_mistake(page, f"{url}/#/{addresses['job']}")
                if name == "model":
                    page.get_by_role("button", name="Predict").click()
                    expect(page.locator(".outcome")).to_be_visible()
                _keep(page, f"{name}-{look}")
            page.goto(f"{url}/cheatsheet")
            _keep(page, f"cheatsheet-{look}")


def settle(page: Page) -> None:
    """Wait until the page shows what it is about."""
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    expect(page.get_by_text("Drawing…")).to_have_count(0)
    expect(page.locator("[data-state=loading]")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".chart:not(:has(canvas))")).to_have_count(0)


def _write_a_mistake(page: Page, job: str) -> None:
    """A body with a wrong name in it, as the editor shows it."""
    page.goto(job)
    page.get_by_role("button", name="Clone").click()
    editor = page.get_by_role("textbox", name="Body of the job")
    editor.fill(editor.input_value().replace('"Dense"', '"Dens"', 1))
    expect(page.get_by_role("button", name="Apply the fix").first).to_be_visible()
    page.get_by_role("button", name="/stack/").first.click()


@contextmanager
def _looks(browser: Browser) -> Iterator[dict[str, Page]]:
    contexts = {
        f"{scheme}-{width}": browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        for scheme in _SCHEMES
        for width, size in _WIDTHS.items()
    }
    yield {look: context.new_page() for look, context in contexts.items()}
    for context in contexts.values():
        context.close()


def _keep(page: Page, name: str) -> None:
    shot = page.screenshot(full_page=name in _WHOLE)
    with Image.open(io.BytesIO(shot)) as picture:
        picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=_QUALITY, method=6)


if __name__ == "__main__":
    raise SystemExit(main())
