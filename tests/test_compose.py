"""The compose file agrees with the settings, the documents, the image and itself."""

import re
from pathlib import Path
from typing import Final

import httpx
import pytest

from heartrisk_site.elasticsearch_url import elasticsearch_url
from heartrisk_site.environment import Environment
from heartrisk_site.redis_url import redis_url
from heartrisk_site.variables import BY_NAME, VARIABLES
from tests.compose import (
    COMPOSE,
    DOCKERFILE,
    OURS,
    PAGE,
    SERVICES,
    demanded,
    environment,
    published,
)
from tools.containers.__main__ import SECRETS
from tools.elasticsearch import node
from tools.run import valkey

PUBLISHED: Final = sorted(name for name in SERVICES if published(name))
VOLUMES: Final = {
    "db_data": ("postgres", "/var/lib/postgresql/data"),
    "redis_data": ("redis", "/data"),
    "es_data": ("elasticsearch", "/usr/share/elasticsearch/data"),
    "spool_data": ("web", "/var/lib/heartrisk/spool"),
}
WAITS_FOR: Final = {
    "web": {"postgres", "redis"},
    "pipeline": {"web", "postgres", "redis", "elasticsearch"},
    "alerts": {"web", "postgres", "redis"},
    "kibana": {"elasticsearch"},
    "kibana-setup": {"kibana"},
}
# It does its work once.
ENDS: Final = "kibana-setup"


@pytest.fixture(params=OURS)
def site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """What a service of our image reads, whatever .env says of Redis and Elasticsearch."""
    elsewhere = {"REDIS_URL": "redis://elsewhere", "ES_URL": "http://elsewhere", "API_PORT": "99"}
    for name, value in (elsewhere | environment(request.param)).items():
        monkeypatch.setenv(name, value)
    return Environment()


def test_the_services_are_those_of_the_site() -> None:
    others = {"postgres", "redis", "elasticsearch", "kibana"}
    assert set(SERVICES) == {*OURS, *others}
    assert OURS == ["alerts", "kibana-setup", "pipeline", "web"]


@pytest.mark.parametrize("service", OURS)
def test_our_services_are_given_only_variables_that_we_read(service: str) -> None:
    assert set(environment(service)) <= set(BY_NAME)


def test_every_value_is_accepted(site: Environment) -> None:
    values = {variable.name: site.get(variable.name) for variable in VARIABLES}
    assert values["PUBLIC_PREDICTIONS"] is True
    assert (values["BEHIND_PROXY"], values["HTTPS"], values["DEBUG"]) == (False, False, False)


def test_the_names_in_the_values_are_services(site: Environment, tmp_path: Path) -> None:
    assert redis_url(site, tmp_path) == "redis://redis:6379/0"
    assert elasticsearch_url(site, tmp_path) == "http://elasticsearch:9200"


def test_the_database_is_the_one_that_postgres_makes(site: Environment) -> None:
    made = environment("postgres")
    user, password = made["POSTGRES_USER"], made["POSTGRES_PASSWORD"]
    expected = f"postgres://{user}:{password}@postgres:5432/{made['POSTGRES_DB']}"
    assert site.get("DATABASE_URL") == expected


def test_what_must_be_given_is_what_docker_up_makes() -> None:
    assert demanded() == set(SECRETS)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_stands_in_the_file(service: str) -> None:
    given = SERVICES[service].get("environment", {})
    secret = [value for name, value in given.items() if re.search(r"PASSWORD$|KEY$", name)]
    assert [value for value in secret if not value.startswith("${")] == []


@pytest.mark.parametrize("service", PUBLISHED)
def test_a_port_is_published_on_loopback_only(service: str) -> None:
    assert {address for address, _, _ in published(service)} == {"127.0.0.1"}


def test_the_log_and_the_database_are_not_published() -> None:
    assert PUBLISHED == ["elasticsearch", "kibana", "web"]


@pytest.mark.parametrize(
    ("service", "variable"), [("web", "API_PORT"), ("elasticsearch", "ES_PORT")]
)
def test_a_published_port_is_the_variables_default(service: str, variable: str) -> None:
    ((_, here, inside),) = published(service)
    assert here == BY_NAME[variable].default
    assert inside == int(environment("web")[variable])


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_has_each_service_with_its_image_ports_and_volumes(service: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{service}` |")]
    ports = [f"{address}:{here}" for address, here, _ in published(service)]
    volumes = [name for name, (owner, _) in VOLUMES.items() if owner == service]
    missing = [word for word in [SERVICES[service]["image"], *ports, *volumes] if word not in row]
    assert missing == []


def test_both_elastic_images_and_the_local_node_are_of_one_version() -> None:
    images = {SERVICES[name]["image"].partition(":")[2] for name in ("elasticsearch", "kibana")}
    assert images == {node.VERSION}


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_named_with_a_version_or_ours(service: str) -> None:
    image = SERVICES[service]["image"]
    assert image == "heartrisk" or re.search(r":\d+\.?\d*[\w.-]*$", image)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_health_check(service: str) -> None:
    of_image = service in OURS and "HEALTHCHECK" in DOCKERFILE
    assert SERVICES[service].get("healthcheck", {}).get("test") or of_image


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_when_what_it_needs_is_healthy(service: str) -> None:
    needed = SERVICES[service].get("depends_on", {})
    assert set(needed) == WAITS_FOR.get(service, set())
    assert {one["condition"] for one in needed.values()} <= {"service_healthy"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_started_again_and_its_log_is_bounded(service: str) -> None:
    ends = service == ENDS
    assert SERVICES[service]["restart"] == ("no" if ends else "unless-stopped")
    assert {"max-size", "max-file"} <= set(SERVICES[service]["logging"]["options"])


def test_the_volumes_are_named() -> None:
    assert set(COMPOSE["volumes"]) == set(VOLUMES)


@pytest.mark.parametrize("volume", VOLUMES)
def test_a_volume_is_where_its_service_writes(volume: str) -> None:
    service, path = VOLUMES[volume]
    assert f"{volume}:{path}" in SERVICES[service]["volumes"]


@pytest.mark.parametrize("service", OURS)
def test_the_spool_lies_in_its_volume(service: str) -> None:
    spool = f"{environment(service)['VAR_DIR']}/spool"
    assert f"spool_data:{spool}" in SERVICES[service]["volumes"]


@pytest.mark.parametrize("service", OURS)
def test_the_model_is_mounted_read_only_where_it_is_looked_for(service: str) -> None:
    folder = Path(environment(service)["MODEL_PATH"]).parent
    assert f"./model:{folder}:ro" in SERVICES[service]["volumes"]


def test_redis_is_healthy_when_it_has_read_its_log_back() -> None:
    """LOADING is an answer, and redis-cli exits with 0."""
    assert SERVICES["redis"]["healthcheck"]["test"] == [
        "CMD-SHELL",
        "redis-cli ping | grep -q PONG",
    ]


def test_redis_keeps_what_the_embedded_valkey_keeps(tmp_path: Path) -> None:
    valkey.configure(tmp_path)
    lines = (tmp_path / "valkey" / "valkey.conf").read_text().splitlines()
    embedded = dict(line.split(maxsplit=1) for line in lines)
    words = iter(SERVICES["redis"]["command"][1:])
    options = zip(words, words, strict=True)
    given = {name.removeprefix("--"): value or '""' for name, value in options}
    kept = ("appendonly", "appendfsync", "save", "maxmemory-policy")
    assert given == {name: embedded[name] for name in kept}


def test_elasticsearch_forms_no_cluster_and_asks_nobody_for_a_password() -> None:
    given = environment("elasticsearch")
    assert given["discovery.type"] == "single-node"
    assert given["xpack.security.enabled"] == "false"


def test_a_real_elasticsearch_answers_its_health_check(elasticsearch_url: str) -> None:
    asked = SERVICES["elasticsearch"]["healthcheck"]["test"][-1]
    answer = httpx.get(asked.replace("http://localhost:9200", elasticsearch_url), timeout=10)
    assert answer.json()["status"] in ("green", "yellow")


def test_kibana_asks_the_node_beside_it() -> None:
    assert environment("kibana")["ELASTICSEARCH_HOSTS"] == "http://elasticsearch:9200"


def test_what_ends_is_not_among_those_that_are_waited_for() -> None:
    """`docker compose up --wait` takes the end of a service for a failure."""
    assert [name for name in SERVICES if "profiles" in SERVICES[name]] == [ENDS]
    assert [name for name in SERVICES if ENDS in SERVICES[name].get("depends_on", {})] == []


def test_the_dashboards_are_put_into_the_kibana_beside_it() -> None:
    assert environment(ENDS)["KIBANA_URL"] == "http://kibana:5601"
