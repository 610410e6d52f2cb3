"""``manage.py train_model``: fit, measure and write the model."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from predictions.training.framingham import TrainingError
from predictions.training.write import train


class Command(BaseCommand):
    help = "Trains the model on the Framingham rows and writes model/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "model")

    def handle(self, *args: object, output: Path, **options: object) -> None:
        try:
            manifest = train(output)
        except TrainingError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Model {manifest['model_version']} written to {output}.")
