"""Watching: profiles, metrics, alerts, Kibana, the processes' own logs."""

from typing import Final

from heartrisk_site.variables.variable import HTTP, Variable

MONITORING: Final[tuple[Variable, ...]] = (
    Variable(
        name="ENABLE_PERFORMANCE_MONITORING",
        kind=bool,
        default=True,
        help="Profile every transaction.",
    ),
    Variable(
        name="ENABLE_SILK",
        kind=bool,
        default=False,
        help="django-silk's request inspector at /silk/, for staff.",
    ),
    Variable(
        name="LOG_LEVEL",
        kind=str,
        default="INFO",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        help="Least serious line the processes print.",
    ),
    Variable(
        name="LOG_FORMAT",
        kind=str,
        default="text",
        choices=("text", "json"),
        help="How the processes print: lines for people, or ECS JSON with a line per transaction.",
    ),
    Variable(
        name="PUBLIC_METRICS",
        kind=bool,
        default=None,
        help="Anyone may read /metrics. Default: true only on a loopback API_HOST without a proxy.",
        example="true",
    ),
    Variable(
        name="PUBLIC_URL",
        **HTTP,
        help="The site's address as people reach it, for the links in alert messages.",
        example="https://heartrisk.example",
    ),
    Variable(
        name="ALERTS_INTERVAL",
        kind=int,
        default=60,
        low=1,
        high=3600,
        help="Seconds between two looks of `manage.py check_alerts --continuous`.",
    ),
    Variable(
        name="ALERT_WEBHOOK_URL",
        **HTTP,
        help="Gets a JSON POST for each alert that fires, worsens or ends.",
        example="https://chat.example/hooks/heartrisk",
        secret=True,
    ),
    Variable(
        name="ALERT_EMAIL_TO",
        kind=list,
        default=(),
        help="Who gets an e-mail for each of them, separated by commas.",
        example="oncall@clinic.example",
    ),
    Variable(
        name="ALERT_EMAIL_FROM",
        kind=str,
        default="heartrisk@localhost",
        help="Sender of those e-mails.",
    ),
    Variable(
        name="EMAIL_URL",
        kind=str,
        default=None,
        schemes=("smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail"),
        help="The mail server.",
        example="smtp+tls://user:secret@mail.example:587",
        secret=True,
    ),
    Variable(
        name="DRIFT_WINDOW_HOURS",
        kind=int,
        default=24,
        low=1,
        high=8760,
        help="How many hours of predictions are compared with the training data.",
    ),
    Variable(
        name="KIBANA_URL",
        **HTTP,
        help="Where `manage.py setup_kibana` puts dashboards and rules; may hold a user.",
        example="http://localhost:5601",
        secret=True,
    ),
    Variable(name="KIBANA_API_KEY", kind=str, default="", help="Kibana's API key.", secret=True),
    Variable(
        name="DEMO",
        kind=bool,
        default=False,
        help="`make demo` sets it: pages say that the people are invented, log entries carry it.",
    ),
)
