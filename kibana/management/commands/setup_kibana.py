"""`manage.py setup_kibana`: data views, dashboards and alerting rules, put into a Kibana."""

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kibana.assets import saved_objects
from kibana.rules.every import rules_for
from kibana.server.client import KibanaClient
from kibana.server.setup import check_version, set_up, wait_until_available
from kibana.server.trouble import KibanaError
from kibana.server.version import NEWEST

WAIT_SECONDS: Final = 60
_NO_ADDRESS: Final = (
    "No Kibana is named: set KIBANA_URL, or give --url http://localhost:5601. "
    "Without one, kibana/assets.ndjson can be imported by hand."
)


class Command(BaseCommand):
    help = "Put data views, dashboards and alerting rules into Kibana. Safe to repeat."
    # It needs neither a database nor pages.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url", default="", help="Kibana's address; may hold user:password. Else KIBANA_URL."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be sent, and send nothing."
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=WAIT_SECONDS,
            metavar="SECONDS",
            help=f"How long Kibana may take to be ready (default {WAIT_SECONDS}).",
        )
        parser.add_argument(
            "--untested-version",
            action="store_true",
            help=f"Go on with a Kibana newer than {NEWEST}.",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        prefix = settings.ES_INDEX_PREFIX
        if options["dry_run"]:
            self._tell_what_would_be_sent(prefix)
            return
        url = options["url"] or settings.KIBANA_URL
        if not url:
            raise CommandError(_NO_ADDRESS)
        try:
            with KibanaClient(url, settings.KIBANA_API_KEY, settings.ES_CA_CERTS) as client:
                version = wait_until_available(client, options["wait"])
                check_version(version, options["untested_version"])
                self.stdout.write(f"Kibana {version} at {client.address}.")
                for sentence in set_up(client, version, prefix):
                    self.stdout.write(sentence)
        except KibanaError as error:
            raise CommandError(str(error)) from None

    def _tell_what_would_be_sent(self, prefix: str) -> None:
        for each in saved_objects(prefix):
            self.stdout.write(f"{each['type']} {each['attributes']['title']} ({each['id']})")
        for rule in rules_for(NEWEST, prefix):
            self.stdout.write(f"rule {rule.name}: {rule.type} ({rule.id})")
