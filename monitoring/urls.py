"""The paths of watching."""

from django.urls import path

from monitoring.page.views.alerts import alerts
from monitoring.page.views.drift import compare, drift
from monitoring.page.views.overview import overview
from monitoring.page.views.transactions import transaction, transactions

urlpatterns = [
    path("", overview, name="monitoring"),
    path("transactions", transactions, name="monitoring_transactions"),
    path("transactions/<path:transaction_id>", transaction, name="monitoring_transaction"),
    path("drift", drift, name="monitoring_drift"),
    path("drift/<int:number>", drift, name="monitoring_drift_report"),
    path("drift/compare", compare, name="monitoring_compare"),
    path("alerts", alerts, name="monitoring_alerts"),
]
