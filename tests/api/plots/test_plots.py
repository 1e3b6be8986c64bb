"""Every plot on materials that it fits: well-formed, within its sheet, safe, as SVG and PNG."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from api.plots import PLOTS, Material
from api.plots._axes import Scale
from api.plots._svg import WIDTH, number, shortened
from api.raster import png
from tests.api.plots import materials

ALL = {name: one for name, one in vars(materials).items() if isinstance(one, Material)}
CASES = [(plot, name) for plot in PLOTS for name, one in ALL.items() if PLOTS[plot].fits(one)]


def test_every_plot_is_drawn_here() -> None:
    assert {plot for plot, _ in CASES} == set(PLOTS)
    nothing = Material("empty")
    assert not [name for name, plot in PLOTS.items() if plot.fits(nothing)]


@pytest.mark.parametrize(("plot", "name"), CASES)
def test_it_is_well_formed_and_stays_on_its_sheet(plot: str, name: str) -> None:
    drawn = PLOTS[plot].draw(ALL[name])
    root = ElementTree.fromstring(drawn)
    assert not re.search(r"\b(nan|inf|None)\b", drawn)
    assert "<b>" not in drawn
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert root.attrib["aria-label"]
    for element in root.iter():
        for key, most in (("x", width), ("y", height), ("cx", width), ("cy", height)):
            if key in element.attrib:
                assert 0 <= float(element.attrib[key]) <= most, (element.tag, element.attrib)


@pytest.mark.parametrize("plot", ["curves", "worst"])
def test_a_png_is_as_wide_as_wanted(plot: str) -> None:
    material = materials.COURSE if plot == "curves" else materials.CLASSES
    image = Image.open(BytesIO(png(PLOTS[plot].draw(material), 500)))
    assert image.width == 500
    colours = image.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert (255, 255, 255) in {colour for _, colour in colours}
    assert len(colours) > 20, "text and lines are there"


@pytest.mark.parametrize(
    ("low", "high", "log", "expected"),
    [
        (0, 1, False, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-20_000, 70_000, False, ["-20000", "0", "20000", "40000", "60000"]),
        (1e-6, 1e-2, True, ["1e-6", "1e-5", "0.0001", "0.001", "0.01"]),
        (0.03, 0.6, True, ["0.05", "0.1", "0.2", "0.5"]),
    ],
)
def test_ticks_are_round(low: float, high: float, log: bool, expected: list[str]) -> None:
    assert [name for _, name in Scale(low, high, log).ticks(5)] == expected


def test_words_and_numbers_are_short() -> None:
    assert shortened("species number 17", 12) == "species…17"
    assert [number(v) for v in (None, 0.0, 1970.4, 0.12345, 1e-7, 3e9)] == [
        *("–", "0", "1970", "0.1235", "1e-7", "3e9"),
    ]
    assert WIDTH < 450, "readable on a telephone"
