"""How much memory processes hold, and whether the kernel has run out of it."""

from pathlib import Path

from core.host.kinship import family


def family_bytes(pid: int) -> int:
    """The memory that a process and all its descendants need of their host."""
    return sum(held_bytes(one) for one in family(pid))


def held_bytes(pid: int) -> int:
    """The memory that a process needs of its host (proc(5), smaps_rollup); 0 when it is gone.

    Its own pages, and its part of shared ones. Pages of mapped files are left out: the kernel
    takes them back whenever it wants others, so data larger than memory may be mapped.
    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = dict(line.split()[:2] for line in text.splitlines() if line.startswith("Pss"))
    if "Pss_Anon:" not in found:  # before Linux 5.9 only the sum is told
        return int(found.get("Pss:", 0)) * 1024
    return (int(found["Pss_Anon:"]) + int(found["Pss_Shmem:"])) * 1024


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
