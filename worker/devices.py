"""What this host can train on: its GPUs by NVML, else shares of its CPU."""

import os
import platform
import socket
from dataclasses import dataclass
from typing import Any

import psutil
import structlog

from core.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Gpu:
    """One GPU: its UUID as CUDA_VISIBLE_DEVICES takes it, its name, its memory."""

    uuid: str
    name: str
    memory_bytes: int


def host_name() -> str:
    """The name under which slots of this host are kept."""
    return socket.gethostname()


def find_gpus() -> list[Gpu]:
    """The GPUs that NVML knows; none where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    try:
        handles = [
            pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())
        ]
        return [_describe(pynvml, handle) for handle in handles]
    finally:
        pynvml.nvmlShutdown()


def _describe(nvml: Any, handle: Any) -> Gpu:
    return Gpu(
        nvml.nvmlDeviceGetUUID(handle),
        nvml.nvmlDeviceGetName(handle),
        int(nvml.nvmlDeviceGetMemoryInfo(handle).total),
    )


def describe_slots(settings: Settings, gpus: list[Gpu]) -> list[dict[str, Any]]:
    """The rows of this host's slots: every GPU, then the shares of the CPU.

    A GPU host offers one CPU share unless told otherwise: its cores feed the GPUs.
    """
    shares = settings.cpu_share if settings.cpu_slots is not None or not gpus else 1
    name = platform.processor() or platform.machine()
    memory = Share.of_slots(settings, len(gpus) + shares).memory_bytes
    cards = [
        {"kind": "gpu", "device": gpu.uuid, "name": gpu.name, "memory_bytes": gpu.memory_bytes}
        for gpu in gpus
    ]
    return cards + [
        {"kind": "cpu", "device": f"cpu:{index}", "name": name, "memory_bytes": memory}
        for index in range(shares)
    ]


@dataclass(frozen=True)
class Share:
    """What one slot of this host comes with: threads and bytes of memory."""

    threads: int
    memory_bytes: int

    @classmethod
    def of_slots(cls, settings: Settings, slots: int) -> "Share":
        """Divide the host among its slots, so that jobs side by side do not fight.

        Two threads are the least where there are two cores: a job that is alone is to use both.
        """
        cores = os.cpu_count() or 1
        threads = max(min(2, cores), cores // max(1, slots))
        memory = int(psutil.virtual_memory().total * 0.8) // max(1, slots)
        return cls(threads, settings.job_memory_bytes or memory)
