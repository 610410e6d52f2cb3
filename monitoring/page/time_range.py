"""The time that a page looks at, from its address: ``?range=24h`` or ``?from=...&to=...``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.page.formats import stamp
from monitoring.period import Period

LONGEST: Final = timedelta(days=400)
SHORTEST: Final = timedelta(seconds=1)
# Before it there was no log; after it a clock is wrong.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preset:
    """``refresh``: seconds between two looks of an open page, 0 for never."""

    key: str
    span: timedelta
    label: str | Promise
    refresh: int


PRESETS: Final = (
    Preset("15m", timedelta(minutes=15), gettext_lazy("15 minutes"), 10),
    Preset("1h", timedelta(hours=1), gettext_lazy("1 hour"), 10),
    Preset("24h", timedelta(hours=24), gettext_lazy("24 hours"), 60),
    Preset("7d", timedelta(days=7), gettext_lazy("7 days"), 0),
    Preset("30d", timedelta(days=30), gettext_lazy("30 days"), 0),
)
_BY_KEY: Final = {preset.key: preset for preset in PRESETS}


@dataclass(frozen=True, slots=True)
class TimeRange:
    """``preset`` is None where from and to were given."""

    period: Period
    preset: Preset | None

    @property
    def query(self) -> str:
        """The address' part that asks for it again."""
        if self.preset is not None:
            return urlencode({"range": self.preset.key})
        return urlencode({"from": self.start_text, "to": self.end_text})

    @property
    def parameters(self) -> Mapping[str, str]:
        """The same, for a form's hidden fields."""
        if self.preset is not None:
            return {"range": self.preset.key}
        return {"from": self.start_text, "to": self.end_text}

    @property
    def start_words(self) -> str:
        return stamp(self.period.start)

    @property
    def end_words(self) -> str:
        return stamp(self.period.end)

    @property
    def start_text(self) -> str:
        return _input_text(self.period.start)

    @property
    def end_text(self) -> str:
        return _input_text(self.period.end)


class _Moment(forms.DateTimeField):
    """ISO 8601; UTC where it says no other offset."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"})
    default_error_messages = {
        "invalid": gettext_lazy("Not a date and time. Write it like 2026-11-25T10:30; UTC.")
    }

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        if not EARLIEST <= moment <= LATEST:
            raise forms.ValidationError(
                _("Must be between %(earliest)s and %(latest)s.")
                % {"earliest": EARLIEST.year, "latest": LATEST.year}
            )
        return moment.astimezone(UTC)


class RangeForm(forms.Form):
    """Of GET: without a field it is the default range. From and to go before a preset."""

    range = forms.CharField(required=False, max_length=10, label=gettext_lazy("Range"))

    def __init__(self, data: Mapping[str, Any], now: datetime, default: str) -> None:
        super().__init__(data)
        self._now = now
        self._default = _BY_KEY[default]
        self.fields["from"] = _Moment(required=False, label=gettext_lazy("From"))
        self.fields["to"] = _Moment(required=False, label=gettext_lazy("To"))

    def clean_range(self) -> Preset | None:
        key = self.cleaned_data["range"]
        if key and key not in _BY_KEY:
            raise forms.ValidationError(
                _("“%(key)s” is none of %(keys)s.") % {"key": key, "keys": ", ".join(_BY_KEY)}
            )
        return _BY_KEY.get(key)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        start, end = data.get("from"), data.get("to")
        if end is not None and start is None and "from" not in self.errors:
            self.add_error("from", _("Missing: “to” alone says no period."))
        elif start is not None and "to" not in self.errors:
            self._check_span(start, end or self._now)
        return data

    def _check_span(self, start: datetime, end: datetime) -> None:
        if end - start < SHORTEST:
            self.add_error(
                "to", _("Must be after “from”, %(start)s UTC.") % {"start": stamp(start)}
            )
        elif end - start > LONGEST:
            self.add_error(
                "from",
                _("The period is %(days)s days long; at most %(most)s are shown.")
                % {"days": (end - start).days, "most": LONGEST.days},
            )

    def time_range(self) -> TimeRange:
        """What was asked for; the default where that was refused."""
        if self.is_valid():
            data = self.cleaned_data
            if data["from"] is not None:
                return TimeRange(Period(data["from"], data["to"] or self._now), None)
            if data["range"] is not None:
                return self._of(data["range"])
        return self._of(self._default)

    @property
    def refusals(self) -> Sequence[tuple[str, str, str]]:
        """Name in the address, label and what is wrong, of each field that was refused."""
        return [
            (name, str(self.fields[name].label), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]

    def _of(self, preset: Preset) -> TimeRange:
        return TimeRange(Period.last(preset.span, self._now), preset)


def _input_text(moment: datetime) -> str:
    """As ``datetime-local`` inputs have it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
