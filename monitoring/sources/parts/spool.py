"""What waits on disk for Redis, and what a full spool could not take."""

from monitoring.sources.parts.part import Asked, Part
from predictions.log.process import get_log_process


def ask_spool() -> Asked:
    state = get_log_process().spool.state()
    figures = {"spool_waiting": state.waiting, "spool_dropped": state.dropped}
    return Asked(Part(state.waiting == state.dropped == 0, ""), figures)
