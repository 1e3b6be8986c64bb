"""The devices of a training: threads, visibility, memory, names."""

import platform
import resource
import warnings
from pathlib import Path
from typing import Any

from engine.faults import Fault


def prepare(
    threads: int | None, gpus: int, deterministic: bool = False, logical_cpus: int | None = None
) -> dict[str, Any]:
    """Set TensorFlow up before its first operation; return `{"kind", "name"}` of the device.

    `deterministic` has it take only operations that give the same bits every time; `logical_cpus`
    has it take the CPU for several devices, to train on as on several GPUs where there are none.
    In a process where TensorFlow already runs, threads and visible devices stay as they are.
    """
    import tensorflow as tf

    silence_known_warnings()
    if threads:
        _if_fresh(tf.config.threading.set_intra_op_parallelism_threads, threads)
        _if_fresh(tf.config.threading.set_inter_op_parallelism_threads, max(1, min(threads, 4)))
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    cards = tf.config.list_physical_devices("GPU") if gpus else []
    if not gpus:
        _if_fresh(tf.config.set_visible_devices, [], "GPU")
    for card in cards:
        _if_fresh(tf.config.experimental.set_memory_growth, card, True)
    if logical_cpus:
        (cpu,) = tf.config.list_physical_devices("CPU")
        parts = [tf.config.LogicalDeviceConfiguration()] * logical_cpus
        tf.config.set_logical_device_configuration(cpu, parts)
    if not cards:
        return {"kind": "cpu", "name": _several(_processor(), logical_cpus or 1)}
    details = tf.config.experimental.get_device_details(cards[0])
    return {"kind": "gpu", "name": _several(details.get("device_name", cards[0].name), len(cards))}


def mirrored(payload: dict[str, Any]) -> Any:
    """A tf.distribute.MirroredStrategy over all `gpus` (or `logical_cpus`) where there are several.

    None for a single device. Raises Fault("internal") when fewer are visible than are promised.
    """
    import tensorflow as tf

    for kind, wanted in (("GPU", payload.get("gpus")), ("CPU", payload.get("logical_cpus"))):
        if wanted and wanted > 1:
            found = [device.name for device in tf.config.list_logical_devices(kind)]
            if len(found) < wanted:
                raise Fault("internal", f"The job has {wanted} GPUs; TensorFlow sees {len(found)}.")
            return tf.distribute.MirroredStrategy(found[:wanted])
    return None


def versions() -> dict[str, str]:
    """The versions of what trains: Python, Keras, TensorFlow, NumPy."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
    }


def silence_known_warnings() -> None:
    """Silence what TensorFlow's tensors bring up in NumPy 2 wherever Keras copies one."""
    warnings.filterwarnings("ignore", "__array__ implementation doesn't accept a copy keyword")


def held_bytes(kind: str) -> int:
    """The memory held now: on the GPU, or of this process on a CPU (proc(5), statm)."""
    if kind == "gpu":
        import tensorflow as tf

        return int(tf.config.experimental.get_memory_info("GPU:0")["current"])
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def peak_bytes(kind: str) -> int:
    """The most memory held so far: on the GPU, or of this process on a CPU."""
    if kind == "gpu":
        import tensorflow as tf

        return int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _several(name: str | None, count: int) -> str | None:
    return f"{count} x {name}" if count > 1 else name


def _if_fresh(setter: Any, *arguments: Any) -> None:
    try:
        setter(*arguments)
    except RuntimeError:
        # TensorFlow refuses once its runtime is up (a second task in a warm process).
        return


def _processor() -> str | None:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        return None
    return None
