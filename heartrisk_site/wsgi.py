"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
application = get_wsgi_application()


def _start_worker() -> None:
    # Imported here: it needs the settings. Only web workers load this module, so that
    # commands and tests have no timer.
    from predictions.log_process import drain_in_every_worker

    drain_in_every_worker()


_start_worker()
