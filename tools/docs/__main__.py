"""``python -m tools.docs [--check]``: write the generated documents, or compare them."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from heartrisk_site.variables import BASE_DIR
from logpipeline.documents import reference
from predictions.risk import feature_docs
from tools.clean_environment import set_up_django
from tools.docs import api, configuration, links

GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "docs/configuration.md": configuration.markdown,
    ".env.example": configuration.dotenv_example,
    "docs/api.md": api.markdown,
    "docs/features.md": feature_docs.features_markdown,
    "docs/log-fields.md": reference.markdown,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    set_up_django()
    if not options.check:
        write(BASE_DIR)
        return 0
    problems = [*stale(BASE_DIR), *links.broken(BASE_DIR)]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


def write(root: Path) -> None:
    for name, text in GENERATED.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")


def stale(root: Path) -> list[str]:
    """One line for each generated document that differs from what would be written."""
    return [
        f"{name} is not what `make docs` writes"
        for name, text in GENERATED.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text()
    ]


if __name__ == "__main__":
    sys.exit(main())
