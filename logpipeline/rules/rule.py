"""One rule, from its declaration to two functions of an entry."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from logpipeline.rules.actions import ACTIONS, Action
from logpipeline.rules.conditions import Condition, predicate_of
from logpipeline.rules.declared import DeclarationError, choice, mapping, within

# What is filtered because no rule routed it counts under this name.
NOT_ROUTED: Final = "no rule routed it"

_ALWAYS: Final = ("name", "predicate", "action")


class Rule(NamedTuple):
    """``act`` is called on the entries on which ``holds``; see ``actions`` for what it returns."""

    name: str
    holds: Condition
    act: Action


def compile_rule(declaration: object) -> Rule:
    """Raises ``DeclarationError``."""
    declared = mapping(declaration)
    _require(declared, *_ALWAYS)
    kind = ACTIONS[choice("action", declared["action"], ACTIONS)]
    own = () if kind.key is None else (kind.key,)
    _require(declared, *own)
    surplus = [key for key in declared if key not in (*_ALWAYS, *own)]
    if surplus:
        raise DeclarationError(f"surplus key {surplus[0]!r}")
    return Rule(
        within("name", _name, declared["name"]),
        predicate_of(declared["predicate"]),
        within(kind.key or "action", kind.compile, declared.get(kind.key or "")),
    )


def _require(declared: Mapping[str, object], *keys: str) -> None:
    missing = [key for key in keys if key not in declared]
    if missing:
        raise DeclarationError(f"missing key {missing[0]!r}")


def _name(declared: object) -> str:
    if not isinstance(declared, str) or not declared.strip():
        raise DeclarationError("must be a text")
    if declared == NOT_ROUTED:
        raise DeclarationError(f"{declared!r} is what entries without a route count under")
    return declared
