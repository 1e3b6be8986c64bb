"""The dashboard over many jobs and a long one, in a real browser, against an empty page.

`python -m benchmarks.dashboard`; needs a Chromium.
"""

import argparse
import math
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import insert, inspect

from benchmarks.report import Figure, ratio
from demo.screenshots import FLAGS, chromium
from demo.service import running_service
from lamina import Client, ids
from models.database import Database
from models.job import Job
from models.metric import MetricPoint, MetricSummary

JOBS = 1000
POINTS = 10_000
_SHORT = 30
_EMPTY = b"<!doctype html><html lang=en><title>empty</title><p>Nothing."
_PAINT = """() => new Promise((tell) => new PerformanceObserver((list) => {
    for (const one of list.getEntriesByName("first-contentful-paint")) tell(one.startTime);
}).observe({type: "paint", buffered: true}))"""
_SCRIPTS = """() => performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith(".js")).reduce((sum, one) => sum + one.encodedBodySize, 0)"""
_LISTED = "() => document.querySelector('table.jobs').ariaRowCount - 1"
_SCROLL = """async () => {
    const gaps = [];
    let last = performance.now();
    for (let step = 0; step < 120; step++) {
        scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * step / 120);
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
    }
    gaps.sort((a, b) => a - b);
    return gaps[Math.floor(gaps.length * 0.95)];
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks.dashboard")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with (
        tempfile.TemporaryDirectory(prefix="lamina-dashboard-") as folder,
        running_service(Path(folder)) as url,
        _empty_page() as empty,
        sync_playwright() as playwright,
    ):
        long = _fill(url, Path(folder))
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median, range, runs\n")
        print("| | median | range | runs |\n|---|---|---|---|")
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for figure in measure(browser, url, empty, long, runs):
            print(figure.row())
        browser.close()


def measure(browser: Browser, url: str, empty: str, long: str, runs: int) -> list[Figure]:
    """A fresh profile, with nothing kept from before, for every visit."""
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        with _page(browser) as page:
            page.goto(empty)
            found.setdefault("empty", []).append(page.evaluate(_PAINT))
        with _page(browser) as page:
            for name, value in _visit_jobs(page, url).items():
                found.setdefault(name, []).append(value)
        with _page(browser) as page:
            for name, value in _visit_job(page, url, long).items():
                found.setdefault(name, []).append(value)
    return [
        Figure("empty page, first paint", found["empty"], "ms"),
        Figure("list of jobs, first paint", found["jobs"], "ms"),
        ratio("list / empty", found["jobs"], found["empty"]),
        Figure(f"list of {JOBS} jobs, the first hundred there", found["rows"], "ms"),
        Figure(f"{JOBS} rows listed, a filter answered", found["filter"], "ms"),
        Figure(f"{JOBS} rows listed, 95th percentile of frames scrolled", found["scroll"], "ms"),
        Figure("page of the long job, first paint", found["job"], "ms"),
        Figure(f"curves of {POINTS} epochs drawn", found["curves"], "ms"),
        Figure("the same on a log scale", found["log"], "ms"),
        Figure("all scripts, compressed", found["scripts"], "kB"),
    ]


def _visit_jobs(page: Page, url: str) -> dict[str, float]:
    began = time.perf_counter()
    page.goto(f"{url}/#/jobs")
    page.wait_for_selector("tbody th")
    rows = _since(began)
    found = {"rows": rows, "jobs": page.evaluate(_PAINT), "scripts": page.evaluate(_SCRIPTS) / 1e3}
    while (shown := page.evaluate(_LISTED)) < JOBS:
        page.get_by_role("button", name="Show more").click()
        page.wait_for_function(f"(n) => ({_LISTED})() > n", arg=shown)
    found["scroll"] = page.evaluate(_SCROLL)
    began = time.perf_counter()
    page.get_by_role("searchbox", name="Filter").fill("display_name = nr777")
    page.wait_for_function(f"() => ({_LISTED})() === 1")
    return {**found, "filter": _since(began)}


def _visit_job(page: Page, url: str, job: str) -> dict[str, float]:
    began = time.perf_counter()
    page.goto(f"{url}/#/jobs/{job}")
    page.wait_for_selector(".chart canvas")
    found = {"curves": _since(began), "job": page.evaluate(_PAINT)}
    page.wait_for_load_state("networkidle")
    began = time.perf_counter()
    page.get_by_label("Log scale").check()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return {**found, "log": _since(began)}


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1e3


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


@contextmanager
def _empty_page() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(_EMPTY)))
            self.end_headers()
            self.wfile.write(_EMPTY)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _fill(url: str, home: Path) -> str:
    """Copies of a job that was trained, each with a curve; the id of a long one among them."""
    stack = [{"class_name": "Dense", "units": 3, "activation": "softmax"}]
    with Client(url) as client:
        dataset = client.datasets.sample("penguins").wait()
        job = client.train(stack, dataset=dataset.id, target="species", epochs=2)
        job.wait()
    database = Database(f"sqlite:///{home}/lamina.db")
    with database.session() as session:
        row = session.get_one(Job, job.id)
        values = {one.key: getattr(row, one.key) for one in inspect(Job).column_attrs}
        jobs = [{**values, "id": ids.new("job"), "display_name": f"nr{n}"} for n in range(JOBS - 1)]
        session.execute(insert(Job), jobs)
        for one in jobs:
            _draw(session, one["id"], POINTS if one is jobs[-1] else _SHORT)
    database.close()
    return str(jobs[-1]["id"])


def _draw(session: Any, job: str, epochs: int) -> None:
    """A curve that falls and one that rises, of so many epochs."""
    courses = {"loss": lambda x: math.exp(-x / epochs) + 0.05 * math.sin(x)}
    courses |= {"val_loss": lambda x: 1.1 * math.exp(-x / epochs), "accuracy": lambda x: x / epochs}
    points = [
        {"job_id": job, "key": key, "axis": "epoch", "x": x, "value": course(x)}
        for key, course in courses.items()
        for x in range(epochs)
    ]
    best = {"best": 0.5, "last": 0.5, "best_epoch": epochs - 1}
    summaries = [
        {
            "job_id": job,
            "key": key,
            "position": n,
            "mode": "max" if key == "accuracy" else "min",
            **best,
        }
        for n, key in enumerate(courses)
    ]
    session.execute(insert(MetricPoint), points)
    session.execute(insert(MetricSummary), summaries)


if __name__ == "__main__":
    main()
