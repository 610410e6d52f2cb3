"""How much memory each process of `make run` has, and the bare service's worker.

RSS counts what processes share in each of them; PSS counts it once, in parts.
"""

from dataclasses import dataclass
from typing import Final

import psutil

SUPERVISOR: Final = "supervisor"
SERVER: Final = "web server: loads the site, forks and restarts the workers"
WORKER: Final = "web worker"
# By what stands in their command line; in the order in which they are reported.
_NAMES: Final = {
    "run_log_pipeline": "log pipeline, Elasticsearch away",
    "check_alerts": "alerts",
    "valkey-server": "Valkey",
}
_ORDER: Final = (WORKER, SERVER, *_NAMES.values(), SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes."""

    name: str
    rss: int
    pss: int


def of_site(pid: int) -> list[Memory]:
    """Of the supervisor ``pid`` and all that it has started."""
    supervisor = psutil.Process(pid)
    found = [of_process(supervisor, SUPERVISOR)]
    for child in supervisor.children():
        command = " ".join(child.cmdline())
        if "tools.run.web" in command:
            found.append(of_process(child, SERVER))
            found += [of_process(worker, WORKER) for worker in child.children()]
        else:
            found += [of_process(child, name) for key, name in _NAMES.items() if key in command]
    return sorted(found, key=lambda memory: _ORDER.index(memory.name))


def of_process(process: psutil.Process, name: str) -> Memory:
    full = process.memory_full_info()
    return Memory(name, full.rss, full.pss)
