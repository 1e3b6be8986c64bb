"""Targets: the ways to learn columns, one file each, and the encoding of an output's target."""

from ._base import OF_CLASSES, Form, Label, Way
from ._encoding import WAYS, Link, TargetEncoding, label_encoding, settled, way_from_json

__all__ = [
    "OF_CLASSES",
    "WAYS",
    "Form",
    "Label",
    "Link",
    "TargetEncoding",
    "Way",
    "label_encoding",
    "settled",
    "way_from_json",
]
