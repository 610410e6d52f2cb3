"""``/monitoring/transactions``: the search, and one transaction with all that is known of it."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitoring.page.access import staff_only
from monitoring.page.clock import utc_now
from monitoring.page.entry import entry_page
from monitoring.page.htmx import HTMX_CONFIG
from monitoring.page.results import Results, results_of
from monitoring.page.search_form import PAGE_SIZE, SearchForm
from monitoring.page.time_range import PRESETS, TimeRange
from monitoring.sources.away import SourceAwayError
from monitoring.sources.transactions import find, search

DEFAULT_RANGE = "24h"


@require_safe
@staff_only
def transactions(request: HttpRequest) -> HttpResponse:
    """422 where a field of the search is refused, 503 where there is nothing to search in."""
    form = SearchForm(request.GET, utc_now(), DEFAULT_RANGE)
    shown = form.time_range()
    status, results, problem = HTTPStatus.OK, None, ""
    if form.is_valid():
        try:
            results = _search(form, shown)
        except SourceAwayError as error:
            status, problem = HTTPStatus.SERVICE_UNAVAILABLE, error.sentence
    else:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "tab": "transactions",
        "htmx_config": HTMX_CONFIG,
        "form": form,
        "presets": PRESETS,
        "shown": shown,
        "results": results,
        "problem": problem,
        "search_query": urlencode(form.parameters_of_search()),
    }
    return render(request, "monitoring/transactions.html", context, status=status)


def _search(form: SearchForm, shown: TimeRange) -> Results:
    page = form.page_number
    found = search(form.query(shown.period), PAGE_SIZE, (page - 1) * PAGE_SIZE)
    address = urlencode({**form.parameters_of_search(), **shown.parameters})
    return results_of(found, page, address)


@require_safe
@staff_only
def transaction(request: HttpRequest, transaction_id: str) -> HttpResponse:
    """404 says where it was looked for, 503 where it could not be."""
    try:
        entry = find(transaction_id)
    except SourceAwayError as error:
        # A source that does answer has been looked in, and has it not.
        why = _("It was not found, and not everywhere could be looked. %(why)s") % {
            "why": error.sentence
        }
        return _message(request, HTTPStatus.SERVICE_UNAVAILABLE, transaction_id, why)
    if entry is None:
        return _message(request, HTTPStatus.NOT_FOUND, transaction_id, _where_it_is_not())
    context = {"tab": "transactions", "entry": entry_page(entry)}
    return render(request, "monitoring/transaction.html", context)


def _where_it_is_not() -> str:
    if not settings.ES_URL:
        return _(
            "It is not among the latest transactions in Redis. "
            "No Elasticsearch is configured, which would hold older ones."
        )
    return _(
        "It is neither in Elasticsearch nor among the latest transactions in Redis: "
        "it may be older than what is kept, or a batch's row that is not indexed yet."
    )


def _message(
    request: HttpRequest, status: HTTPStatus, transaction_id: str, detail: str
) -> HttpResponse:
    context = {"code": int(status), "transaction_id": transaction_id, "detail": detail}
    return render(request, "monitoring/no_transaction.html", context, status=status)
