"""``python -m logpipeline.alive``: exit code 0 where this host's continuous pipeline lives.

For a container's health check: the pipeline writes its row in the database every few seconds.
"""

import os
import socket
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    from logpipeline.models import PipelineRun, State

    here = f"{socket.gethostname()[:100]}-"
    alive = PipelineRun.objects.in_state(State.RUNNING).filter(
        mode=PipelineRun.Mode.CONTINUOUS, consumer__startswith=here
    )
    return 0 if alive.exists() else 1


if __name__ == "__main__":
    sys.exit(main())
