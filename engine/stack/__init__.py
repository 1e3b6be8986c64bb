"""Layers as data, and the Keras network that they describe.

`read` checks a stack as sent and gathers everything wrong with it; `build_network` and
`build_object` make Keras objects of canonical data. Names are looked up in the catalogue and
arguments checked against the signature; Keras's own deserializers never see client data.
"""

from .document import Limits, read
from .findings import Findings
from .network import Network, assemble, build_network
from .objects import build_object, read_object
from .spec import Spec
from .stack import Stack

__all__ = [
    "Findings",
    "Limits",
    "Network",
    "Spec",
    "Stack",
    "assemble",
    "build_network",
    "build_object",
    "read",
    "read_object",
]
