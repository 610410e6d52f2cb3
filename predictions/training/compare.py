"""Whether a model trained now is the committed one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from predictions.risk.manifest import FILE_NAME, GOLDEN_CASES_FILE_NAME

# They follow the file's bytes, which another Python may lay out differently.
_OF_THE_BYTES: Final = frozenset({"sha256", "model_version"})
# Another processor's sums may differ in the last bit, and a rounded figure then in its last digit.
_ROUNDED: Final = 2e-4
_EXACT: Final = 1e-8


def differences(committed: Path, trained: Path) -> list[str]:
    """What differs between two model folders, one line each; empty when they agree.

    Coefficients and golden probabilities within 1e-8, rounded figures within 2e-4.
    """
    found = []
    for name in (FILE_NAME, GOLDEN_CASES_FILE_NAME):
        old, new = (orjson.loads((folder / name).read_bytes()) for folder in (committed, trained))
        found += [f"{name}: {line}" for line in _walk(old, new, name)]
    return found


def _walk(old: object, new: object, path: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old.keys() - _OF_THE_BYTES:
            yield from _walk(old[key], new[key], f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from _walk(*pair, f"{path}[{index}]")
    elif not _same(old, new, path):
        yield f"{path} is {old!r}, training gives {new!r}"


def _same(old: object, new: object, path: str) -> bool:
    if isinstance(old, int | float) and isinstance(new, int | float):
        rounded = ".metrics." in path or ".drift_reference." in path
        return abs(old - new) <= (_ROUNDED if rounded else _EXACT)
    return old == new
