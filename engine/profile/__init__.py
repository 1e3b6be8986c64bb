"""The profile of a dataset: what only several columns together tell.

It is made once, when a dataset is read, from whole columns where that is one pass and from rows
drawn by a fixed seed where pairs of columns are compared. Plans of jobs are judged by it, so that
no data is read when a job is sent.
"""

from typing import Any

from engine.dataset.content import Content
from engine.dataset.schema import Schema

from .candidates import candidates, features
from .neighbours import outvoted
from .order import orders
from .pairs import Sample, associations
from .repetition import repetition

Profile = dict[str, Any]


def profile(content: Content, schema: Schema) -> Profile:
    """The profile as plain JSON.

    `targets` are the columns that were looked at as possible targets. `associations` names for
    each the features that tell it (nearly) without error, `order` those by which the rows are
    sorted, `conflicts` (of those with classes) how many rows agree in everything but it,
    `outvoted` the share of rows whose neighbours all bear another label. `duplicates` are rows that
    occur more than once.
    """
    named = features(schema)
    targets = candidates(schema, named)
    sample = Sample(content, schema, [*named, *targets])
    found = repetition(content, named, [name for name in targets if sample.has_classes(name)])
    return {
        "targets": targets,
        "features": len(named),
        "sampled_rows": len(sample.rows),
        "associations": associations(sample, named, targets),
        "order": orders(content, schema, targets),
        "outvoted": outvoted(sample, named, targets),
        **found,
    }
