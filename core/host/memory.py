"""How much memory a process holds, and whether the kernel has run out of it."""

from pathlib import Path


def held_bytes(pid: int) -> int:
    """The proportional set size of a process (proc(5), smaps_rollup): shared pages count in part.

    0 when the process is gone.
    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def kernel_kills() -> int:
    """How often the kernel has ended a process for want of memory, in our group or on the host."""
    found = 0
    for path in ("/proc/vmstat", "/sys/fs/cgroup/memory.events"):
        try:
            lines = Path(path).read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return found
