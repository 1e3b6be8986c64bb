"""What an engine child may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one task; None means unbounded.

    `memory_bytes` bounds what the child really holds (its proportional set size without mapped
    files), watched from outside, because TensorFlow and CUDA reserve far more address space than
    they use.
    `data_bytes` is a hard bound by the kernel on private memory beyond what the process starts
    with, for tasks that run no TensorFlow.
    """

    wall_seconds: float | None = None
    stall_seconds: float | None = None
    cpu_seconds: int | None = None
    memory_bytes: int | None = None
    data_bytes: int | None = None
    file_bytes: int | None = None
    open_files: int | None = 1024

    def to_kernel(self) -> dict[str, int | None]:
        """The bounds that the child sets upon itself."""
        return {
            "cpu_seconds": self.cpu_seconds,
            "data_bytes": self.data_bytes,
            "file_bytes": self.file_bytes,
            "open_files": self.open_files,
        }
