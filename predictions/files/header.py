"""The first line of a file: its delimiter, and which column holds which feature."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from predictions.features import FEATURES, NAMES
from predictions.files.errors import FileError
from predictions.validation.refusal import shown_name

DELIMITERS: Final = (",", ";", "\t")
# What the answer adds behind the columns of the input.
ANSWERS: Final = (
    "probability",
    "prediction",
    "result",
    "risk_band",
    "imputed",
    "warnings",
    "errors",
    "model_version",
)
_DATA_SET: Final = tuple(feature.column for feature in FEATURES)
_MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Header:
    """``columns`` as they stand in the file, ``features`` (14): the index of each one's column."""

    columns: tuple[str, ...]
    features: tuple[int, ...]

    def column_of(self, feature: str) -> str:
        """What the file calls a feature."""
        return self.columns[self.features[NAMES.index(feature)]].strip()


def delimiter_of(first_line: str) -> str:
    """The one that separates the most names; a name itself has none of them, or is quoted."""
    return max(DELIMITERS, key=lambda each: len(next(csv.reader([first_line], delimiter=each))))


def header_of(columns: Sequence[str]) -> Header:
    """Raises ``FileError``, naming the columns that are missing, repeated or taken."""
    names = [column.strip() for column in columns]
    present = frozenset(names)
    wanted, other = _wanted(present)
    _refuse("lacks", [name for name in wanted if name not in present])
    _refuse("repeats", _repeated(names, wanted, other))
    _refuse("already has the answer's", [name for name in ANSWERS if name in present])
    return Header(tuple(columns), tuple(names.index(name) for name in wanted))


def _wanted(present: frozenset[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The names by which the file calls the features, and those by which it does not."""
    if len(present.intersection(_DATA_SET)) > len(present.intersection(NAMES)):
        return _DATA_SET, NAMES
    return NAMES, _DATA_SET


def _repeated(names: Sequence[str], wanted: Sequence[str], other: Sequence[str]) -> list[str]:
    """Those of the features that stand there twice, be it once by each of their names."""
    counts = Counter(names)
    twice = [name for name in wanted if counts[name] > 1]
    aliases = zip(wanted, other, strict=True)
    return twice + [alias for name, alias in aliases if alias != name and counts[alias]]


def _refuse(what: str, names: Sequence[str]) -> None:
    if names:
        listed = ", ".join(shown_name(name) for name in names[:_MOST_NAMED])
        raise FileError(f"The header {what} {'column' if len(names) == 1 else 'columns'} {listed}.")
