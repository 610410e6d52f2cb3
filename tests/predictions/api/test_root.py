from typing import Any

import pytest
from django.test import Client

from tests.predictions.api.client import read


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_it_tells_a_program_what_this_is(client: Client, accept: str) -> None:
    response: Any = client.get("/", headers={"accept": accept})
    document = read(response)
    assert (document["name"], document["version"]) == ("heartrisk", "1.0.0")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("static_files")
def test_its_links_lead_somewhere(client: Client) -> None:
    response: Any = client.get("/", headers={"accept": "application/json"})
    for link in read(response)["links"].values():
        path = link.removeprefix("http://testserver")
        assert client.get(path).status_code in {200, 405}
