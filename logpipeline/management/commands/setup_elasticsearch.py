"""`manage.py setup_elasticsearch`: index templates and retention; the pipeline does it at start."""

from django.conf import settings
from django.core.management.base import BaseCommand

from logpipeline.documents.index import indices_of_other_apps
from logpipeline.documents.indices import setup
from logpipeline.documents.mappings import INDICES
from logpipeline.documents.retention import has_ilm
from logpipeline.elastic import get_client
from logpipeline.management.failures import said_in_one_line


class Command(BaseCommand):
    help = "Bring the index templates in Elasticsearch up to date. Safe to repeat."
    # It needs neither a database nor pages.
    requires_system_checks = []

    def handle(self, *_args: object, **_options: object) -> None:
        prefix, days = settings.ES_INDEX_PREFIX, settings.ES_RETENTION_DAYS
        with said_in_one_line():
            client = get_client()
            done = setup(client, prefix, days, [*INDICES.values(), *indices_of_other_apps()])
            deletes_by_itself = has_ilm(client, prefix)
        for sentence in done or ["Everything was up to date."]:
            self.stdout.write(sentence)
        if not deletes_by_itself:
            self.stdout.write(
                f"This server deletes no index by itself: run `manage.py prune_logs --keep {days}d`"
                " daily."
            )
