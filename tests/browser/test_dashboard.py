"""The dashboard in a real browser, over a real service that trains, breaks off and comes back."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import insert, select, update

from demo.screenshots import settle
from lamina import Client, ids
from models.database import Database
from models.job import Job
from models.metric import MetricPoint, MetricSummary
from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service

_AXE = ROOT / "api" / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
_FLAWS = """async (rules) => (await axe.run(document, {resultTypes: ["violations"], ...rules}))
    .violations.map(({id, nodes}) => [id, ...nodes.map((node) => node.html.slice(0, 200))])"""
_CONTRAST = {"runOnly": ["color-contrast"]}
_COUNT_CLICKS = """window.clicks = 0;
    addEventListener("click", (event) => { if (event.isTrusted) window.clicks += 1; }, true);"""
_CARRY = """(text) => {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "digit.png", {type: "image/png"}));
    return carried;
}"""
_TO_THE_END = """async () => {
    for (let at = -1; at !== scrollY; ) {
        at = scrollY;
        scrollTo(0, document.documentElement.scrollHeight);
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
    }
}"""
_MANY = 200
_PIECE = 4 * 1024 * 1024


def test_an_own_table_becomes_a_model_that_answers_in_five_clicks(
    page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    # Nothing can be learnt from it, so the training stops early.
    lines = (f"{i % 10},{i % 7},{'tall' if i * 7919 % 101 % 2 else 'low'}\n" for i in range(200))
    path.write_text("length,width,kind\n" + "".join(lines))
    page.add_init_script(_COUNT_CLICKS)
    page.goto("/")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose a file").click()
    chosen.value.set_files(path)
    page.get_by_role("button", name="Suggest and train").click()
    expect(page.locator("[data-state=succeeded]")).to_be_visible()
    page.get_by_role("link", name="Try the model").click()
    page.get_by_role("button", name="Predict").click()
    expect(page.locator(".outcome")).to_have_text(re.compile("tall|low"))
    assert page.evaluate("window.clicks") <= 5


def test_a_sample_becomes_a_model_that_answers(page: Page) -> None:
    page.goto("/#/datasets")
    page.get_by_text("Or take a sample").click()
    page.get_by_role("button", name="Train on Penguins").click()
    # Without a reload: the stream alone brings the state.
    expect(page.locator("[data-state=succeeded]")).to_be_visible()
    expect(page.get_by_role("region", name="loss")).to_be_visible()
    page.get_by_role("link", name="Try the model").click()
    page.get_by_role("button", name="Predict").click()
    expect(page.locator(".outcome")).to_have_text("Adelie")


def test_an_upload_survives_an_interruption(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,label\n" + "".join(f"{i},{i % 97},{i % 2}\n" for i in range(420_000)))
    assert path.stat().st_size > _PIECE
    pieces: list[str] = []

    def break_the_second(route: Route) -> None:
        if route.request.method == "PATCH":
            pieces.append(route.request.headers["upload-offset"])
            if len(pieces) == 2:
                return route.abort("connectionreset")
        return route.continue_()

    page.route("**/v1/uploads/*", break_the_second)
    page.goto("/#/datasets")
    page.set_input_files("input[type=file]", path)
    expect(page.get_by_role("heading", name="large")).to_be_visible()
    expect(page.locator("[data-state=ready]")).to_be_visible()
    expect(page.get_by_text("420,000 rows")).to_be_visible()
    # The piece that broke was sent again; what had arrived was not.
    assert pieces == ["0", str(_PIECE), str(_PIECE)]
    expect(page.get_by_role("img", name=re.compile("^a: from 0 to"))).to_be_visible()


def _watch(page: Page, own: Service, body: dict[str, Any], name: str) -> str:
    """Train, and open the page of it, which is not to be loaded again."""
    with Client(own.url) as client:
        job = client.train({**body, "display_name": name})
    page.goto(f"/#/jobs/{job.id}")
    expect(page.locator("[data-state=live]")).to_be_visible()
    page.evaluate("window.untouched = true")
    return job.id


def _places(url: str) -> list[int]:
    """From which event on a stream is asked for, if one is."""
    return [int(found) for found in re.findall(r"/events/stream\?after=(\d+)", url)]


def _write(own: Service, job: str, repairs: list[dict[str, Any]]) -> None:
    """Repairs in the row of a job, as an attempt that ran out of memory leaves them there."""
    database = Database(own.database_url)
    with database.session() as session:
        session.execute(update(Job).where(Job.id == job).values(repairs=repairs))
    database.close()


def _grown(page: Page, text: str) -> str:
    """The curve's description, once it is another than this."""
    curve = page.get_by_role("img", name=re.compile("^loss by epoch"))
    expect(curve).not_to_have_attribute("aria-label", text)
    return curve.get_attribute("aria-label") or ""


def test_curves_grow_and_go_on_after_a_restart(
    page: Page, own: Service, endless: dict[str, Any]
) -> None:
    job = _watch(page, own, endless, "long")
    streams: list[int] = []
    page.on("request", lambda request: streams.extend(_places(request.url)))
    page.reload()
    page.evaluate("window.untouched = true")
    grown = _grown(page, _grown(page, ""))
    # Loaded in the middle of it, the page does not have everything told again.
    assert len(streams) == 1
    assert streams[0] > 1
    repair = {"attempt": 1, "cause": "out-of-memory", "detail": "it held too much"}
    _write(own, job, [{**repair, "micro_batch": 2, "accumulation": 2}])
    own.kill("api")
    expect(page.locator("[data-state=reconnecting]")).to_be_visible()
    own.start("api")
    own.await_api()
    expect(page.locator("[data-state=live]")).to_be_visible()
    _grown(page, _grown(page, grown))
    assert streams == sorted(streams)
    expect(page.get_by_role("region", name="Repairs")).to_contain_text("2 rows at a time")
    page.get_by_role("tab", name="System").click()
    expect(page.get_by_role("region", name="Memory")).to_contain_text("planned")
    expect(page.get_by_role("region", name="Processor cores")).to_be_visible()
    page.get_by_role("tab", name="Events").click()
    expect(page.get_by_role("cell", name="epoch").first).to_be_visible()
    page.get_by_role("button", name="Stop, keep the model").click()
    expect(page.locator("[data-state=succeeded]")).to_be_visible()
    expect(page.get_by_role("link", name="Try the model")).to_be_visible()
    assert page.evaluate("window.untouched") is True


def test_cancel_discards(page: Page, own: Service, endless: dict[str, Any]) -> None:
    _watch(page, own, endless, "unwanted")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-state=cancelled]")).to_be_visible()
    expect(page.get_by_role("link", name="Try the model")).to_have_count(0)
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    assert page.evaluate("window.untouched") is True


def test_a_fix_is_applied_where_it_belongs(page: Page, own: Service) -> None:
    with Client(own.url) as client:
        dataset = next(iter(client.datasets.list(name="penguins"))).id
    page.goto(f"/#/datasets/{dataset}")
    expect(page.get_by_role("region", name="Columns")).to_contain_text("Gentoo")
    page.get_by_role("button", name="Look at the suggestion").click()
    editor = page.get_by_role("textbox", name="Body of the job")
    expect(page.get_by_text("sound", exact=True)).to_be_visible()
    editor.fill(editor.input_value().replace('"Dense"', '"Dens"', 1))
    expect(page.get_by_text("1 to mend")).to_be_visible()
    expect(page.locator(".lines .error")).to_contain_text('"Dens"')
    page.get_by_role("button", name="Apply the fix").click()
    expect(page.get_by_text("sound", exact=True)).to_be_visible()
    assert '"Dens"' not in editor.input_value()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_the_filter_is_that_of_the_interface(page: Page) -> None:
    page.goto("/#/jobs")
    jobs = page.get_by_role("region", name="List of jobs").get_by_role("rowheader")
    box = page.get_by_role("searchbox", name="Filter")
    box.fill("stat = cancelled")
    expect(page.get_by_text("There is no field 'stat'.")).to_be_visible()
    expect(box).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="state", exact=True).click()
    expect(box).to_have_attribute("aria-invalid", "false")
    expect(jobs).to_have_text([re.compile("unwanted")])
    box.fill("wanted")
    expect(jobs).to_have_text([re.compile("unwanted")])
    box.fill("display_name = long OR display_name = unwanted")
    expect(jobs.first).to_contain_text("unwanted")
    page.get_by_label("Order").select_option("created_at")
    expect(jobs.first).to_contain_text("long")


def test_every_page_is_accessible_and_narrow(page: Page, addresses: dict[str, str]) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    found: dict[str, Any] = {}
    hashes = {name: f"#/{address}" for name, address in addresses.items()}
    rest = {"nowhere": "#/nowhere", "none": "#/jobs/job_none", "cheat sheet": "cheatsheet"}
    for name, address in {**hashes, **rest}.items():
        page.emulate_media(color_scheme="light")
        page.goto(f"/{address}")
        if name in ("nowhere", "none"):
            expect(page.locator("main .empty")).to_be_visible()
        elif name in addresses:
            settle(page)
        page.add_script_tag(path=_AXE)
        found[name] = page.evaluate(_FLAWS, {})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[f"{name}, too wide by"] = over if over > 0 else []
        page.emulate_media(color_scheme="dark")
        if name in addresses:
            expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        found[f"{name}, dark"] = page.evaluate(_FLAWS, _CONTRAST)
    assert {name: flaws for name, flaws in found.items() if flaws} == {}


def test_an_image_that_is_dropped_is_answered(
    page: Page, addresses: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "digit.png"
    Image.new("L", (40, 40), 200).save(path)
    page.goto(f"/#/{addresses['draw']}")
    text = base64.b64encode(path.read_bytes()).decode()
    place = page.locator("section.drop")
    files = page.evaluate_handle(_CARRY, text)
    with page.expect_request("**/predict") as sent:
        place.dispatch_event("drop", {"dataTransfer": files})
    assert sent.value.headers["content-type"] == "application/octet-stream"
    shown = f"data:image/png;base64,{text}"
    expect(page.get_by_alt_text("What will be sent")).to_have_attribute("src", shown)
    expect(page.locator(".outcome")).to_have_text(re.compile("^[0-9]$"))


def test_webhooks_are_made_tried_and_turned(page: Page) -> None:
    page.goto("/#/webhooks")
    page.get_by_label("Send to").fill("https://127.0.0.1/inside")
    page.get_by_role("button", name="Make a webhook").click()
    expect(page.locator(".message")).to_contain_text("no public address")
    page.get_by_label("Send to").fill("https://nobody.example/hook")
    page.get_by_label("job.running").check()
    page.get_by_role("button", name="Make a webhook").click()
    secret = page.locator(".secret code")
    expect(secret).to_have_text(re.compile("^whsec_"))
    first = secret.text_content()
    page.get_by_role("link", name="https://nobody.example/hook").click()
    expect(page.get_by_text(re.compile("job.failed, job.running"))).to_be_visible()
    page.get_by_role("button", name="New secret").click()
    expect(secret).to_have_text(re.compile("^whsec_"))
    assert secret.text_content() != first
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("rowheader", name="webhook.test")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.locator("[data-state=disabled]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="https://nobody.example/hook")).to_have_count(0)
    page.goto("/#/audit")
    expect(page.get_by_role("rowheader", name="webhooks_delete").first).to_be_visible()
    page.goto("/#/usage")
    expect(page.get_by_role("region", name="Stored")).to_contain_text("iB")


def test_jobs_are_compared_by_a_click(page: Page, addresses: dict[str, str]) -> None:
    page.goto(f"/#/{addresses['jobs']}?filter=tags:sample")
    page.get_by_label("Compare penguins", exact=True).check()
    page.get_by_label("Compare penguins, one layer").check()
    page.get_by_role("link", name="Compare 2").click()
    expect(page.get_by_role("region", name="val_loss")).to_contain_text("penguins, one layer")
    expect(page.get_by_role("region", name="Best values")).to_contain_text("best")
    differences = page.get_by_role("region", name="Differences")
    expect(differences).to_contain_text("/stack/layers/1")
    expect(differences).not_to_contain_text("batch_size")


def _copy(own: Service, job: str, count: int) -> None:
    """Jobs like this one, with its curves."""
    database = Database(own.database_url)
    numbers = [ids.new("job") for _ in range(count)]
    with database.session() as session:
        for table, key in ((Job, "id"), (MetricSummary, "job_id"), (MetricPoint, "job_id")):
            columns = table.__table__.c
            rows = session.execute(select(columns).where(columns[key] == job)).mappings().all()
            made = [{**row, key: number} for number in numbers for row in rows]
            session.execute(insert(table.__table__), made)
        tags = {"tags": ["many"], "created_at": datetime.now(UTC)}
        session.execute(update(Job).where(Job.id.in_(numbers)).values(tags))
    database.close()


def _rename(own: Service, job: str, name: str) -> None:
    database = Database(own.database_url)
    values = {"display_name": name, "updated_at": datetime.now(UTC)}
    with database.session() as session:
        session.execute(update(Job).where(Job.id == job).values(values))
    database.close()


def _focused(page: Page) -> int:
    """The row that has the focus."""
    row: str = page.evaluate("document.activeElement.closest('tr').ariaRowIndex")
    return int(row)


def test_a_long_list_holds_what_is_near_the_screen(
    page: Page, own: Service, addresses: dict[str, str]
) -> None:
    _copy(own, addresses["job"].removeprefix("jobs/"), _MANY)
    page.goto("/#/jobs?filter=tags:many")
    table = page.get_by_role("table")
    expect(table).to_have_attribute("aria-rowcount", "101")
    page.get_by_role("button", name="Show more").click()
    expect(table).to_have_attribute("aria-rowcount", f"{_MANY + 1}")
    rows = table.get_by_role("rowheader")
    page.evaluate("scrollTo(0, 0)")
    page.locator("tr[aria-rowindex='3']").get_by_role("checkbox").focus()
    assert _focused(page) == 3
    page.evaluate(_TO_THE_END)
    last = page.locator(f"tr[aria-rowindex='{_MANY + 1}']")
    expect(last.locator(".spark path")).to_have_attribute("d", re.compile("^M"))
    assert rows.count() < _MANY / 3
    # What has the focus stays, and Tab goes on to the row that follows it.
    assert _focused(page) == 3
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert _focused(page) == 4
    expect(page.locator("tr[aria-rowindex='4']")).to_be_in_viewport()
    for _ in range(60):  # two in each row
        page.keyboard.press("Tab")
    assert _focused(page) == 34
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate(_TO_THE_END)
    expect(last).to_be_in_viewport()
    address = last.get_by_role("link").get_attribute("href") or ""
    _rename(own, address.rpartition("/")[2], "renamed while it is looked at")
    expect(last).to_contain_text("renamed while")
    page.get_by_role("searchbox", name="Filter").fill("renamed")
    expect(table).to_have_attribute("aria-rowcount", "2")
    expect(rows).to_have_text([re.compile("renamed while")])
