"""The client while the service goes away and comes back."""

import threading
import time

from lamina import Client
from tests.fixtures.service import MakeService, Service
from tests.lamina.conftest import STACK


def test_a_stream_survives_the_death_of_the_api(make_service: MakeService) -> None:
    service = make_service()
    numbers: list[int] = []
    epochs: list[int] = []
    with Client(service.url) as client:
        rows = [{"a": n % 7 / 2, "b": n % 5 / 2, "label": "xy"[n % 7 > 3]} for n in range(140)]
        job = client.train(
            STACK, dataset=rows, target="label", epochs=15, settings={"fit.batch_size": 4}
        )
        restart: threading.Thread | None = None
        for event in job.events():
            if event.seq is not None:
                numbers.append(event.seq)
            if event.type == "epoch":
                epochs.append(event.epoch or 0)
                if len(epochs) == 3:
                    restart = threading.Thread(target=_restart, args=(service,))
                    restart.start()
        assert restart is not None
        restart.join()
        assert job.wait(60).state == "succeeded"
    assert numbers == list(range(1, len(numbers) + 1))
    assert epochs == list(range(15))


def _restart(service: Service) -> None:
    service.kill("api")
    time.sleep(0.5)
    service.start("api")
