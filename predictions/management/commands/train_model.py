"""``manage.py train_model``: fit, measure and write the model, or check the committed one."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from predictions.training.compare import differences
from predictions.training.framingham import TrainingError
from predictions.training.write import train


class Command(BaseCommand):
    help = "Trains the model on the Framingham rows and writes the folder model/."
    # It needs neither a database nor pages.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--output",
            type=Path,
            default=settings.BASE_DIR / "model",
            help="Folder to write to, or with --check to compare with.",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; fail unless training now gives the model in the folder.",
        )

    def handle(self, *args: object, output: Path, check: bool, **options: object) -> None:
        try:
            if check:
                self._check(output)
            else:
                version = train(output)["model_version"]
                self.stdout.write(f"Model {version} written to {output}.")
        except TrainingError as error:
            raise CommandError(str(error)) from None

    def _check(self, committed: Path) -> None:
        with TemporaryDirectory() as folder:
            train(Path(folder))
            found = differences(committed, Path(folder))
        if found:
            raise CommandError(
                "\n".join(["The committed model is not what training gives:", *found])
            )
        self.stdout.write(f"Training gives the model in {committed}.")
