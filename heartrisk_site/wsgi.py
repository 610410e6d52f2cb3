"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
application = get_wsgi_application()

# Needs the apps, which the line above loads.
from predictions.startup import start_worker

start_worker()
