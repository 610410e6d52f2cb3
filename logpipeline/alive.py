"""``python -m logpipeline.alive``: exit code 0 where this host's continuous pipeline lives.

For a container's health check: the pipeline writes its row in the database every few seconds.
"""

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    from django.db import DatabaseError

    from logpipeline.models import PipelineRun, State
    from logpipeline.process.runs import consumers_here

    running = PipelineRun.objects.in_state(State.RUNNING)
    alive = running.filter(mode=PipelineRun.Mode.CONTINUOUS, consumer__regex=consumers_here())
    try:
        return 0 if alive.exists() else 1
    except DatabaseError as error:
        sys.stderr.write(f"The database does not answer ({type(error).__name__}).\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
