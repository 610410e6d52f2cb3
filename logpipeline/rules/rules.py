"""The list of rules: what it makes of an entry, and what is wrong with the list."""

import logging
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Final

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.entries import LogEntry
from logpipeline.rules.actions import ENDED
from logpipeline.rules.declared import DeclarationError
from logpipeline.rules.rule import NOT_ROUTED, Rule, compile_rule

LOGGER: Final = logging.getLogger(__name__)

# What each sum of the actions' bits stands for.
_ROUTES: Final = tuple(
    tuple(name for place, name in enumerate(INDEX_NAMES) if bits >> place & 1)
    for bits in range(ENDED)
)


class RuleError(Exception):
    """What is wrong with one rule; with the whole list where ``position`` is None.

    ``position`` counts from 0, the text from 1. ``name`` is empty where the rule has none.
    """

    def __init__(self, position: int | None, name: str, wrong: str) -> None:
        named = f" ({name!r})" if name else ""
        place = "The list of rules" if position is None else f"Rule {position + 1}{named}"
        super().__init__(f"{place}: {wrong}")
        self.position = position
        self.name = name


class Rules:
    """Decides where an entry goes. For one thread.

    ``errors`` counts by a rule's name how often it raised; its reader clears it.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.errors: Counter[str] = Counter()
        # Plain tuples, which Python unpacks faster than named ones.
        self._rules = tuple((rule.name, rule.holds, rule.act) for rule in rules)
        self._caught = _Caught()
        self._told: set[tuple[str, str]] = set()

    def decide(self, entry: LogEntry) -> tuple[str, ...]:
        """The indices it goes to; none, and then ``entry.filtered_by`` says which rule ended it.

        Never raises: a rule that does is counted, and the next one runs.
        """
        routed = 0
        remaining = iter(self._rules)
        while True:
            # One guard for all rules: after one that raised, the loop goes on behind it.
            with self._caught:
                for name, holds, act in remaining:
                    if holds(entry):
                        routed |= act(entry)
                        if routed & ENDED:
                            entry.filtered_by = name
                            return ()
                if not routed:
                    entry.filtered_by = NOT_ROUTED
                return _ROUTES[routed]
            self._count(name)

    def _count(self, name: str) -> None:
        self.errors[name] += 1
        failure = (name, self._caught.kind)
        if failure not in self._told:
            # Once, because it may be every entry that a rule fails on.
            self._told.add(failure)
            LOGGER.warning("The rule %r raised %s", *failure)


def compile_rules(declarations: object) -> Rules:
    """Of the settings' list. Raises ``RuleError`` for the first rule that is wrong."""
    rules, errors = _read(declarations)
    if errors:
        raise errors[0]
    return Rules(rules)


def errors_in(declarations: object) -> list[RuleError]:
    """One for each rule that is wrong."""
    return _read(declarations)[1]


class _Caught:
    """Ends the block an exception is raised in, and keeps its class; its text may be private."""

    kind = ""

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.kind = kind.__name__
        return True


def _read(declarations: object) -> tuple[list[Rule], list[RuleError]]:
    if not isinstance(declarations, list | tuple):
        return [], [RuleError(None, "", f"must be a list, not {type(declarations).__name__}")]
    if not declarations:
        return [], [RuleError(None, "", "an empty list, so that nothing would be indexed")]
    rules: list[Rule] = []
    errors: list[RuleError] = []
    for position, declaration in enumerate(declarations):
        name = _name_of(declaration)
        try:
            rule = compile_rule(declaration)
            if name in [_name_of(earlier) for earlier in declarations[:position]]:
                raise DeclarationError("an earlier rule has the same name")
            rules.append(rule)
        except DeclarationError as error:
            errors.append(RuleError(position, name, str(error)))
    return rules, errors


def _name_of(declaration: object) -> str:
    name = declaration.get("name") if isinstance(declaration, dict) else None
    return name if isinstance(name, str) else ""
