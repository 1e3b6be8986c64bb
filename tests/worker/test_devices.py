"""Slots of a host, from readings of a driver that is not here."""

import os
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from core.settings import Settings
from models.attempt import Attempt
from models.job import Job
from models.slot import Slot
from worker.devices import Gpu, Share, describe_slots, find_gpus
from worker.training import environment_of

GPUS = [Gpu("GPU-aaaa", "NVIDIA H200", 150 * 2**30), Gpu("GPU-bbbb", "NVIDIA H200", 150 * 2**30)]


def test_without_a_driver_there_are_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", refuse)
    assert find_gpus() == []


def test_gpus_are_found_by_uuid(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []
    readings: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: ended.append(True),
        "nvmlDeviceGetCount": lambda: len(GPUS),
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetUUID": lambda handle: GPUS[handle].uuid,
        "nvmlDeviceGetName": lambda handle: GPUS[handle].name,
        "nvmlDeviceGetMemoryInfo": lambda handle: SimpleNamespace(total=GPUS[handle].memory_bytes),
    }
    for name, reading in readings.items():
        monkeypatch.setattr(pynvml, name, reading)
    assert find_gpus() == GPUS
    assert ended == [True]


@pytest.mark.parametrize(
    ("gpus", "cpu_slots", "kinds"),
    [
        ([], 3, ["cpu"] * 3),
        (GPUS, None, ["gpu", "gpu", "cpu"]),
        (GPUS, 0, ["gpu", "gpu"]),
        (GPUS, 2, ["gpu", "gpu", "cpu", "cpu"]),
    ],
)
def test_slots_of_a_host(gpus: list[Gpu], cpu_slots: int | None, kinds: list[str]) -> None:
    slots = describe_slots(Settings(cpu_slots=cpu_slots), gpus)
    assert [slot["kind"] for slot in slots] == kinds
    assert len({slot["device"] for slot in slots}) == len(slots)


@pytest.mark.parametrize(
    ("cores", "slots", "threads"), [(1, 1, 1), (2, 2, 2), (3, 2, 2), (8, 4, 2)]
)
def test_a_cpu_host_shares_its_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, slots: int, threads: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert len(describe_slots(Settings(), [])) == slots
    assert Share.of_slots(Settings(), slots).threads == threads


def test_memory_of_a_slot_may_be_set() -> None:
    assert Share.of_slots(Settings(job_memory_bytes=7), 4).memory_bytes == 7


@pytest.mark.parametrize(
    ("devices", "visible"),
    [
        (["GPU-aaaa"], "GPU-aaaa"),
        (["GPU-aaaa", "GPU-bbbb"], "GPU-aaaa,GPU-bbbb"),
        (["cpu:0"], "-1"),
    ],
)
def test_a_child_sees_the_gpus_that_its_job_holds(devices: list[str], visible: str) -> None:
    slots = tuple(
        Slot(kind="cpu" if device.startswith("cpu") else "gpu", device=device, position=place)
        for place, device in enumerate(devices)
    )
    environment = environment_of(Attempt(Job(id="job_1"), 1, slots))
    assert environment["CUDA_VISIBLE_DEVICES"] == visible
    assert environment["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"
