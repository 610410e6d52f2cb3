"""/metrics of a real site with two workers: one scrape tells of both."""

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from monitoring.metrics import rules
from monitoring.metrics.dashboard import dashboard
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.conftest import Valkey
from tests.monitoring.metrics.asked import asked, of_dashboard, of_rules, unknown
from tests.monitoring.metrics.site import WORKERS, ServedSite, value
from tests.predictions.patients import COMPLETE
from tests.waiting import wait_until

# A measurement that is nobody else's, and an id: neither may be found on /metrics.
BMI = "27.31"
REQUEST_ID = "visit-of-mrs-jones"
A_DRIFT_REPORT = """
from django.utils.timezone import now
from monitoring.models import DriftReport
figures = [{"name": "AGE", "group": "input", "verdict": "ok", "psi": 0.01}]
times = dict.fromkeys(("created", "window_start", "window_end"), now())
DriftReport.objects.create(**times, rows=1000, verdict="ok", figures=figures)
"""


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, static_files: object, _session_valkey: Valkey
) -> Iterator[ServedSite]:
    folder = tmp_path_factory.mktemp("metrics")
    server = ServedSite(folder, REDIS_URL=_session_valkey.url, PUBLIC_METRICS="true")
    # An earlier run's.
    (folder / "prometheus").mkdir()
    (folder / "prometheus" / "counter_7.db").write_bytes(b"old")
    server.start()
    yield server
    server.stop()


def predictions(text: str) -> Counter[str]:
    return Counter(
        {
            result: int(value(text, "heartrisk_predictions_total", {"result": result}))
            for result in ("YES", "NO", "refused")
        }
    )


def predicted(text: str) -> float:
    return value(text, "heartrisk_requests_total", {"path": "/predict", "status": "200"})


def test_it_counts_what_both_workers_answered(site: ServedSite) -> None:
    before = predicted(site.scrape())
    site.predict(40)
    assert predicted(site.scrape()) - before == 40
    assert all(predicted(text) > 0 for text in site.by_worker().values())


def test_each_histogram_has_as_many_observations_as_there_were_transactions(
    site: ServedSite,
) -> None:
    site.predict(3)
    text = site.scrape()
    counts = {
        name: value(text, f"heartrisk_{name}_count", {"path": "/predict"})
        for name in (
            "request_duration_seconds",
            "inference_duration_seconds",
            "request_cpu_seconds",
            "request_memory_growth_bytes",
        )
    }
    assert set(counts.values()) == {value(text, "heartrisk_requests_total", {"path": "/predict"})}


def test_its_start_forgets_what_was_counted_before(site: ServedSite) -> None:
    assert not (site.folder / "prometheus" / "counter_7.db").exists()


def test_a_killed_workers_counts_stay_and_its_files_are_used_again(site: ServedSite) -> None:
    site.predict(20)
    before = predicted(site.scrape())
    site.kill_a_worker()
    site.predict(20)
    assert predicted(site.scrape()) - before == 20
    assert len(site.by_worker()) == WORKERS


def test_each_row_of_a_batch_is_a_prediction(site: ServedSite) -> None:
    before = predictions(site.scrape())
    rows = [COMPLETE] * 5 + [{**COMPLETE, "AGE": "-1"}]
    answer = httpx.post(f"{site.url}/predict_batch", json={"instances": rows})
    assert answer.status_code == 200, answer.text
    after = predictions(site.scrape())
    assert (after - before).total() == 6
    assert after["refused"] - before["refused"] == 1


def test_a_refused_input_is_counted_as_refused(site: ServedSite) -> None:
    before = predictions(site.scrape())
    site.predict(AGE="-1")
    assert predictions(site.scrape()) - before == Counter(refused=1)


def test_no_address_that_was_asked_for_is_a_label(site: ServedSite) -> None:
    httpx.get(f"{site.url}/patients/jones?BMI={BMI}")
    httpx.request("JONES", f"{site.url}/predict")
    text = site.scrape()
    assert value(text, "heartrisk_requests_total", {"path": "other", "status": "404"}) >= 1
    assert "jones" not in text.lower()


def test_it_holds_no_health_data_and_no_ids(site: ServedSite) -> None:
    answer = httpx.post(
        f"{site.url}/predict", json={**COMPLETE, "BMI": BMI}, headers={"X-Request-ID": REQUEST_ID}
    )
    assert answer.status_code == 200
    text = site.scrape()
    given = (BMI, REQUEST_ID, answer.headers["X-Transaction-ID"], str(answer.json()["probability"]))
    assert [each for each in given if each in text] == []


def test_it_is_openmetrics_for_who_accepts_that(site: ServedSite) -> None:
    text = site.scrape(Accept="application/openmetrics-text; version=1.0.0")
    assert text.endswith("# EOF\n")


# Empties Redis: an earlier module's last test may have left something else under the log's keys.
@pytest.mark.usefixtures("valkey")
def test_it_tells_of_the_parts_the_model_and_the_build(site: ServedSite) -> None:
    # A machine that is busy may answer a probe too late.
    wait_until(lambda: value(site.scrape(), "heartrisk_up", {"part": "redis"}) == 1)
    text = site.scrape()
    assert value(text, "heartrisk_model_info") == value(text, "heartrisk_build_info") == 1


def test_the_dashboard_and_the_rules_ask_only_for_what_is_there(
    site: ServedSite, valkey: Valkey
) -> None:
    # As a pipeline does: without one there is no lag.
    valkey.client().xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True)
    site.predict()
    site.manage("shell", "--verbosity", "0", "--command", A_DRIFT_REPORT)
    expressions = [*of_dashboard(dashboard()), *of_rules(rules.rules())]
    assert unknown(asked(expressions), site.scrape()) == []
