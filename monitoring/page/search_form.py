"""What transactions are searched by: never by anything that says something of a person."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.page.time_range import RangeForm
from monitoring.period import Period
from monitoring.sources.transactions import MOST_OFFSET, TransactionQuery
from predictions.middleware import LOGGED_PATHS

PAGE_SIZE: Final = 25
LAST_PAGE: Final = MOST_OFFSET // PAGE_SIZE
# A day.
_LONGEST_LATENCY_MS: Final = 86_400_000.0
_ID_LENGTH: Final = 100
_SEARCHED: Final = ("id", "path", "result", "min_latency")
_ANY: Final = ("", _("any"))
_PATHS: Final = [_ANY, *((path, path) for path in ("/", *sorted(LOGGED_PATHS)))]
_RESULTS: Final = [_ANY, ("YES", "YES"), ("NO", "NO")]


class SearchForm(RangeForm):
    """``?id=&path=&result=&min_latency=&page=`` and a time."""

    id = forms.CharField(
        required=False,
        max_length=_ID_LENGTH,
        label=_("Transaction id"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    path = forms.ChoiceField(required=False, choices=_PATHS, label=_("Path"))
    result = forms.ChoiceField(required=False, choices=_RESULTS, label=_("Result"))
    min_latency = forms.FloatField(
        required=False,
        min_value=0,
        max_value=_LONGEST_LATENCY_MS,
        label=_("Took at least (ms)"),
        widget=forms.NumberInput(attrs={"min": 0, "step": "any", "inputmode": "decimal"}),
    )
    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LAST_PAGE,
        label=_("Page"),
        widget=forms.HiddenInput,
    )

    def query(self, period: Period) -> TransactionQuery:
        """Of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return TransactionQuery(
            period=period,
            transaction_id=data["id"],
            path=data["path"],
            result=data["result"],
            min_latency_ms=data["min_latency"],
        )

    @property
    def search_fields(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in _SEARCHED]

    @property
    def page_number(self) -> int:
        return self.cleaned_data.get("page") or 1

    def parameters_of_search(self) -> dict[str, str]:
        """What was filled in, for the addresses of the other pages."""
        given = {name: str(self.data.get(name, "")).strip() for name in _SEARCHED}
        return {name: value for name, value in given.items() if value}
