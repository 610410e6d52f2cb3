"""Whether the log's entries arrive: what /health says of the spool."""

from django.conf import settings
from django.utils.translation import gettext as _

from predictions.health import HealthError
from predictions.log.process import get_log_process


def check_log() -> None:
    """Nothing waits, nothing was dropped. An operator moves the file ``dropped`` away once read."""
    if not settings.LOG_TO_REDIS:
        return
    state = get_log_process().spool.state()
    if state.dropped:
        raise HealthError(
            _("%(dropped)s transactions were not logged: the spool was full.")
            % {"dropped": state.dropped}
        )
    if state.waiting:
        raise HealthError(_("%(waiting)s log entries wait for Redis.") % {"waiting": state.waiting})
