"""Names and numbers of drift figures, in the reader's language."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.drift.bins import Bin
from monitoring.drift.reference import PROBABILITY
from monitoring.page.formats import NOTHING
from predictions.features import BY_NAME
from predictions.page.presentation import in_percent, short

_LEAST_P: Final = 0.001


def label_of(name: str) -> str:
    """An input's label; a feature's own name, as the docs list it."""
    if name == PROBABILITY:
        return _("Probability")
    return str(BY_NAME[name].label) if name in BY_NAME else name


def bin_label(name: str, each: Bin) -> str:
    """A bin's values: the choice's word, or its ends."""
    low, high = each.low, each.high
    if low is None and high is None:
        return _("any")
    if low is None:
        return _("up to %(high)s") % {"high": value(name, high)}
    if high is None:
        return _("over %(low)s") % {"low": value(name, low)}
    if low == high:
        feature = BY_NAME.get(name)
        return str(feature.choices[int(low)]) if feature and feature.choices else short(low)
    return _("%(low)s – %(high)s") % {"low": value(name, low), "high": value(name, high)}


def value(name: str, number: float | None) -> str:
    """Short; a probability in percent."""
    if number is None:
        return NOTHING
    return in_percent(round(number, 3)) if name == PROBABILITY else short(round(number, 2))


def share(part: float | None) -> str:
    return NOTHING if part is None else in_percent(part, decimals=1)


def rounded(number: float | None) -> str:
    return NOTHING if number is None else number_format(f"{number:.3f}")


def p_value(p: float | None) -> str:
    if p is None:
        return NOTHING
    if p < _LEAST_P:
        return _("below %(least)s") % {"least": number_format(_LEAST_P)}
    return rounded(p)
