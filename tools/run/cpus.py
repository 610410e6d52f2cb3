"""How many web processes fit this machine, or the container around it."""

import math
import os
from pathlib import Path
from typing import Final

# More processes than this cost memory and bring nothing to a form and a small API.
MOST_WORKERS: Final = 4
CGROUP: Final = Path("/sys/fs/cgroup")


def workers(cgroup: Path = CGROUP) -> int:
    """One a core that this process may really use, at most four."""
    return max(1, min(MOST_WORKERS, _usable_cores(), _quota(cgroup)))


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(cgroup: Path) -> int:
    """The container's limit in whole cores, rounded up; cgroup version 2, then version 1."""
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (cgroup / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return MOST_WORKERS
    if quota in ("max", "-1"):
        return MOST_WORKERS
    return math.ceil(int(quota) / int(period))
