"""How far the reading of a dataset is, live, over a stream that is opened anew when it breaks."""

import json

import httpx2

from lamina.schemas.dataset import ReadingProgress

from .call import Call
from .exchange import open_once
from .problems import NotFound, ProblemError
from .retry import Retry
from .step import END, Emit, Items, pull, sleep

_DONE = "dataset.done"
_RETRY = Retry(retries=3)


def follow(path: str) -> Items[ReadingProgress]:
    """The progress of the dataset at a path, until it was read.

    Ends early where the stream breaks time and again: who waits for the dataset misses nothing.
    Raises NotFound.
    """
    failures = 0
    while True:
        try:
            call = Call("GET", f"{path}/events/stream", headers={"Accept": "text/event-stream"})
            opened = yield from open_once(call, "events")
            while (sent := (yield from pull(opened))) is not END:
                if sent.event == _DONE:
                    return
                if sent.event == "progress":
                    failures = 0
                    yield Emit(ReadingProgress.model_validate(json.loads(sent.data)))
        except NotFound:
            raise
        except (httpx2.RequestError, ProblemError):
            pass
        failures += 1
        seconds = _RETRY.delay(failures)
        if seconds is None:
            return
        yield from sleep(seconds)
