"""The cheat sheet at /cheatsheet: every layer on one page to be printed, made of the catalogue."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from api.pages import curve
from api.pages.family_pictures import picture
from lamina.schemas.catalog import CatalogEntry

_FAMILIES = {
    "core": "Every value of the input may count for every value of the output.",
    "convolution": "A combination of a small neighbourhood replaces the neighbourhood.",
    "pooling": "A neighbourhood is replaced by its largest value or its mean.",
    "recurrent": "One step of time after the other, with a memory of those before.",
    "attention": "Every position looks at every other and takes what matters.",
    "normalisation": "Values are brought to a common scale, so that training stays steady.",
    "regularisation": "In training something is made harder, so that less is learned by heart.",
    "activation": "The bend without which many layers would be no more than one.",
    "reshaping": "The same values in another arrangement.",
    "merging": "Several inputs become one.",
    "preprocessing": "Raw values become numbers that a network can take.",
    "utility": "Marks what is to be passed over, or passes everything on.",
    "wrapper": "Another layer, used in another way.",
}
_RULES = (
    ("ReLU by default", "A hidden Dense or convolution without another reason takes ReLU."),
    ("No dropout after the input", "It would drop what is known. Between hidden layers it helps."),
    ("An Embedding before text", "Tokens and categories are no quantities: vectors come first."),
    ("RMSprop with recurrent layers", "Adam elsewhere. LSTM or GRU before SimpleRNN."),
    ("1D for time, 2D for space", "Series and text: Conv1D. Images: Conv2D. Volumes: Conv3D."),
    ("Shapes must fit", "Flatten, pooling or Reshape between layers of different rank."),
    (
        "The end fits the target",
        "Softmax and one unit a class; sigmoid for yes or no; none for a number.",
    ),
    (
        "Sequences between recurrent layers",
        "return_sequences on below another one, off below Dense.",
    ),
    ("Scale what goes in", "Normalization learns the mean and the deviation from the data."),
    (
        "Hold something back",
        "A validation part tells when to stop; a test part tells how good it is.",
    ),
)
_ARCHITECTURES = {
    "mlp": ("MLP", "A multi-layer perceptron: Dense layers one after another, for tables."),
    "cnn": ("CNN", "A convolutional network: what is near belongs together, as in images."),
    "rnn": ("RNN", "A recurrent network: what came before matters, as in series and text."),
    "transformer": ("Transformer", "Attention instead of recurrence: all positions at once."),
    "autoencoder": ("Autoencoder", "Down to a few numbers and up again: the input is the target."),
}

STYLE = """
:root{color-scheme:light dark;--ink:#1c2733;--soft:#4a5866;--line:#d5dbe1;--card:#fff;
--page:#f4f6f8;--mark:#0b66c3;--tint:#e7f0fa}
@media (prefers-color-scheme:dark){:root{--ink:#e8eef4;--soft:#a9b6c2;--line:#36424e;--card:#1b242d;
--page:#12181e;--mark:#6cb6ff;--tint:#1d3247}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main,header,nav{max-width:78rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}h1{font-size:2rem;margin:0}header p{color:var(--soft);max-width:44rem}
nav ul{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:.5rem 0 1.5rem}
nav a{display:block;padding:.15rem .7rem;border:1px solid var(--line);border-radius:1rem;
color:var(--ink);text-decoration:none;background:var(--card);font-size:.85rem}
a{color:var(--mark)}h2{font-size:1.25rem;margin:0}
section{margin:0 0 2rem}.head{display:flex;gap:1rem;align-items:center;margin-bottom:.6rem}
.head p{margin:0;color:var(--soft)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:.7rem}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .85rem;
break-inside:avoid}
article h3{margin:0 0 .25rem;font-size:1rem;display:flex;gap:.4rem;align-items:baseline;
flex-wrap:wrap}
.badge{font-size:.7rem;font-weight:600;background:var(--tint);color:var(--mark);border-radius:4px;
padding:.05rem .35rem}
article p{margin:.25rem 0}article dl{margin:.35rem 0 0;font-size:.86rem}
dt{font-weight:600;color:var(--soft)}dd{margin:0 0 .25rem}
.rest{color:var(--soft);font-size:.86rem}.rules h3{font-size:.95rem}
.curves{grid-template-columns:repeat(auto-fill,minmax(13rem,1fr))}
.family{width:96px;height:40px;flex:none}.family .f{fill:var(--mark)}
.family .e{fill:none;stroke:var(--mark)}.family .l{fill:none;stroke:var(--soft);stroke-width:.8}
.family .g{stroke:var(--line);fill:none}.family .o{fill:none;
stroke:var(--mark);stroke-dasharray:3 2}
.family text{font:13px ui-monospace,monospace;fill:var(--ink)}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#bbb;--mark:#0b66c3;
--tint:#eef4fb;color-scheme:light}body{font-size:7pt;line-height:1.3}nav{display:none}
main,header{max-width:none;padding:0}h1{font-size:1.6rem}h2{font-size:.95rem}
.grid{display:block;columns:4;column-gap:.3rem}.grid.curves{columns:6}
article{padding:.25rem .4rem;margin:0 0 .3rem}article h3,.rules h3{font-size:.62rem}
article dl,.rest{font-size:1em}.badge{font-size:.42rem}dt{display:inline}dd{display:inline;margin:0}
dd::after{content:"";display:block}.family{width:64px;height:26px}a{color:inherit}
section{margin-bottom:.5rem}.head{break-after:avoid;margin-bottom:.2rem}@page{margin:9mm}}
"""


def render(layers: Sequence[CatalogEntry], curves: dict[str, Any], version: str) -> str:
    """The page of these layers and activation curves; `version` is Keras's."""
    allowed = [layer for layer in layers if layer.forbidden is None]
    families = [name for name in _FAMILIES if any(layer.family == name for layer in allowed)]
    links = "".join(
        f'<li><a href="#{escape(name)}">{escape(name.capitalize())}</a></li>'
        for name in ["rules", "architectures", *families, "activations"]
    )
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            "<title>Layers: the cheat sheet</title>",
            f"<style>{STYLE}{curve.STYLE}</style></head><body>",
            "<header><h1>Layers: the cheat sheet</h1><p>A network is made by adding layers one ",
            "after another. Almost all have weights, an activation and a bias; they differ in ",
            f"what they combine. Made from the catalogue of Keras {escape(version)}; ",
            '<a href="/docs">the interface</a>.</p></header>',
            f'<nav aria-label="Families"><ul>{links}</ul></nav><main>',
            _rules(),
            _architectures(allowed),
            *(_family(name, allowed) for name in families),
            _activations(curves),
            "</main></body></html>",
        ]
    )


def _section(name: str, title: str, text: str, body: str, image: str = "") -> str:
    return (
        f'<section id="{escape(name)}" aria-labelledby="{escape(name)}-title">'
        f'<div class="head">{image}<div><h2 id="{escape(name)}-title">{escape(title)}</h2>'
        f"<p>{escape(text)}</p></div></div>{body}</section>"
    )


def _rules() -> str:
    cards = "".join(
        f"<article><h3>{escape(title)}</h3><p>{escape(text)}</p></article>"
        for title, text in _RULES
    )
    text = "Every plan is looked through for these and fifty more; each finding brings its fix."
    return _section("rules", "Rules of thumb", text, f'<div class="grid rules">{cards}</div>')


def _architectures(layers: list[CatalogEntry]) -> str:
    cards = "".join(
        f"<article><h3>{escape(title)}</h3><p>{escape(text)}</p>"
        f'<p class="rest">{_links(_serving(key, layers))}</p></article>'
        for key, (title, text) in _ARCHITECTURES.items()
    )
    text = "Books speak of architectures, Keras of layers: which layers make which architecture."
    return _section("architectures", "Architectures", text, f'<div class="grid">{cards}</div>')


def _serving(key: str, layers: list[CatalogEntry]) -> list[str]:
    return [layer.name for layer in layers if key in layer.architectures]


def _links(names: list[str]) -> str:
    return ", ".join(f'<a href="#layer-{escape(name)}">{escape(name)}</a>' for name in names)


def _family(name: str, layers: list[CatalogEntry]) -> str:
    members = [layer for layer in layers if layer.family == name]
    told = [layer for layer in members if layer.purpose]
    others = [layer.name for layer in members if not layer.purpose]
    cards = "".join(_card(layer) for layer in told)
    rest = f'<p class="rest">Also: {escape(", ".join(others))}.</p>' if others else ""
    body = f'<div class="grid">{cards}</div>{rest}'
    return _section(name, name.capitalize(), _FAMILIES[name], body, picture(name))


def _card(layer: CatalogEntry) -> str:
    badges = "".join(f'<span class="badge">{escape(text)}</span>' for text in _marks(layer))
    rows = (
        ("Use it", layer.use_when),
        ("Watch out", layer.watch_out),
        ("Goes with", ", ".join(layer.pairs_with)),
    )
    told = "".join(f"<dt>{title}</dt> <dd>{_text(text)}</dd>" for title, text in rows if text)
    return (
        f'<article id="layer-{escape(layer.name)}"><h3>{escape(layer.name)} {badges}</h3>'
        f"<p>{_text(layer.purpose or '')}</p><dl>{told}</dl></article>"
    )


def _text(text: str) -> str:
    """A note as HTML: what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _marks(layer: CatalogEntry) -> Iterator[str]:
    """Rank, and which of weights, activation and bias the layer has."""
    if layer.rank:
        yield {1: "1D · time", 2: "2D · space", 3: "3D · volumes"}[layer.rank]
    for has, word in (
        (layer.has_weights, "weights"),
        (layer.has_activation, "activation"),
        (layer.has_bias, "bias"),
    ):
        if has:
            yield word


def _activations(curves: dict[str, Any]) -> str:
    pictures = "".join(
        f"<article>{curve.picture(name, curves['x'], one['y'], one['slope'], style='')}</article>"
        for name, one in sorted(curves["curves"].items())
    )
    text = "Solid: the activation. Dashed: its slope, by which learning goes."
    return _section(
        "activations", "Activations", text, f'<div class="grid curves">{pictures}</div>'
    )
