"""The cheat sheet and its curves, made from the catalogue of the running Keras."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from engine.layers import notes
from tests.api.running import Running

_VOID = {"meta", "link", "br", "img"}


class Outline(HTMLParser):
    """Collects ids and links, and demands that elements are closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for key, value in attrs if key == "id" and value]
        if tag == "a":
            self.links.append(found.get("href") or "")
        assert tag != "script"
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_tells_every_note_and_its_links_lead_somewhere(whole: Running) -> None:
    answer = whole.client.get("/cheatsheet")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Outline()
    page.feed(answer.text)
    assert not page._open
    assert len(page.ids) == len(set(page.ids))
    assert {f"layer-{name}" for name in notes()} <= set(page.ids)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert "ReLU by default" in page.text
    again = whole.client.get("/cheatsheet", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_each_family_of_the_catalogue_has_a_section_and_a_picture(whole: Running) -> None:
    layers = whole.client.get("/v1/catalog/layers").json()["data"]
    families = {layer["family"] for layer in layers if layer["forbidden"] is None}
    page = whole.client.get("/cheatsheet").text
    for family in families:
        section = re.search(f'<section id="{family}".*?</section>', page, re.DOTALL)
        assert section, family
        assert '<svg class="family"' in section[0]


@pytest.mark.parametrize("name", ["relu", "softmax", "gelu"])
def test_an_activation_is_drawn(whole: Running, name: str) -> None:
    path = f"/v1/catalog/activations/{name}/curve.svg"
    answer = whole.client.get(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.text)
    assert name in (root.get("aria-label") or "")
    lines = root.findall("{http://www.w3.org/2000/svg}path")
    assert all((line.get("d") or "").startswith("M") for line in lines)
    assert len(lines) == 2
    tag = answer.headers["etag"]
    assert whole.client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_a_wrong_name_is_told_the_right_one(whole: Running) -> None:
    answer = whole.client.get("/v1/catalog/activations/rely/curve.svg")
    assert answer.status_code == 404
    assert "relu" in answer.json()["errors"][0]["did_you_mean"]
