"""The system check of the rules: a bad list stops every command before it does anything."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error

from logpipeline.rules.rules import errors_in

_HINT: Final = "docs/rules.md lists all conditions, actions and repairs."


def check_rules(app_configs: object, **options: Any) -> list[CheckMessage]:
    """One error for each rule of LOG_PIPELINE_RULES that is wrong."""
    return [
        Error(str(error), hint=_HINT, obj="LOG_PIPELINE_RULES", id="logpipeline.E001")
        for error in errors_in(settings.LOG_PIPELINE_RULES)
    ]
