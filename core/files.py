"""How many files and sockets a process may hold open at a time."""

import resource


def allow_open_files() -> None:
    """Raise the process's limit to the one that the system sets it (getrlimit(2)).

    Shells and service managers often leave 1,024, for the sake of programs that call select(2);
    as many streams of events, each a socket, would keep everybody else out.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
