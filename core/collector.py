"""How often Python looks for cycles among its objects."""

import gc

_OBJECTS = 50_000


def collect_seldom() -> None:
    """For a process that answers many small requests, once all that stays is there.

    What was made so far is not looked at again, and new objects after 50,000 of them, not after
    some hundreds: requests leave few cycles, and to look for them took a tenth of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
