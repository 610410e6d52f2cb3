"""The rows that both sides get: the Framingham people again and again, some with an error."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from predictions.features import NAMES
from predictions.training.framingham import load_rows

# Two in a hundred are refused; a service without rules answers them all the same.
REFUSED_EVERY: Final = 50
TOO_YOUNG: Final = 7


def people(count: int) -> Iterator[dict[str, float | None]]:
    """Unknowns are null, as one person in eight of the study has some."""
    inputs = load_rows().inputs.tolist()
    for number in range(count):
        row = inputs[number % len(inputs)]
        person = {
            name: None if math.isnan(value) else value
            for name, value in zip(NAMES, row, strict=True)
        }
        if number % REFUSED_EVERY == 0:
            person["AGE"] = TOO_YOUNG
        yield person


def body(count: int) -> bytes:
    """Of a POST /predict_batch."""
    return orjson.dumps({"instances": list(people(count))})


def write_csv(path: Path, count: int) -> None:
    """With a column ``id`` before the features."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *NAMES])
        for number, person in enumerate(people(count)):
            writer.writerow([number, *map(_text, person.values())])


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
