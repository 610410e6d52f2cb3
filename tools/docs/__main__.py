"""``python -m tools.docs [--check]``: write the generated documents, or compare them."""

import argparse
import sys

from heartrisk_site.variables import BASE_DIR
from tools.clean_environment import set_up_django
from tools.docs import links


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    set_up_django()
    # Not before: its modules need the apps.
    from tools.docs.generated import stale, write

    if not options.check:
        write(BASE_DIR)
        return 0
    problems = [*stale(BASE_DIR), *links.broken(BASE_DIR)]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
