"""Where models come from; the Hub is a real server on this machine, and the real client asks it."""

import hashlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants
from pytest_django import Settings

from predictions.risk.manifest import ModelError
from predictions.risk.model_source import fetch, fetch_beside
from predictions.risk.predictor import Predictor
from tests.predictions.models import MODEL_FILE, MODEL_FOLDER, golden_cases

REPOSITORY = "owner/hearts"
LOCATION = f"hf://{REPOSITORY}/model.pkl"


class Hub(ThreadingHTTPServer):
    """Serves ``folder`` as the repository's main branch; ``tokens`` are those it was shown."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.tokens: set[str | None] = set()
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self.wfile.write(self._answer())

    def _answer(self) -> bytes:
        self.server.tokens.add(self.headers["Authorization"])
        file = self.server.folder / self.path.removeprefix(f"/{REPOSITORY}/resolve/main/")
        content = file.read_bytes() if file.is_file() else b""
        self.send_response(200 if content else 404)
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", str(len(content)))
        if not content:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.end_headers()
        return content

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    server = Hub(MODEL_FOLDER)
    template = f"{server.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_finds_the_manifest_beside_a_file() -> None:
    assert fetch("a/b/model.pkl") == (Path("a/b/model.pkl"), Path("a/b/manifest.json"))


def test_it_finds_other_files_beside_a_file() -> None:
    assert fetch_beside("a/b/model.pkl", "golden_cases.json") == Path("a/b/golden_cases.json")


def test_it_downloads_model_and_manifest_from_the_hub(hub: Hub) -> None:
    model, manifest = fetch(LOCATION)
    assert model.read_bytes() == MODEL_FILE.read_bytes()
    assert manifest.read_bytes() == (MODEL_FOLDER / "manifest.json").read_bytes()


def test_it_downloads_from_a_folder_of_the_repository(hub: Hub) -> None:
    hub.folder = MODEL_FOLDER.parent
    _, manifest = fetch(f"hf://{REPOSITORY}/{MODEL_FOLDER.name}/model.pkl")
    assert manifest.read_bytes() == (MODEL_FOLDER / "manifest.json").read_bytes()


def test_a_predictor_from_the_hub_gives_the_golden_probability(hub: Hub) -> None:
    inputs, expected = golden_cases()
    assert Predictor.load(LOCATION).predict(inputs[0]).probability == pytest.approx(expected[0])


def test_it_shows_the_settings_token(hub: Hub, settings: Settings) -> None:
    settings.HF_TOKEN = "hf_of_this_test"
    Predictor.load(LOCATION)
    assert hub.tokens == {"Bearer hf_of_this_test"}


def test_it_says_what_could_not_be_downloaded(hub: Hub) -> None:
    with pytest.raises(
        ModelError, match=r"^other.pkl could not be downloaded from hf://owner/hear"
    ):
        fetch(f"hf://{REPOSITORY}/other.pkl")


def test_it_says_that_the_hub_cannot_be_reached(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="could not be downloaded"):
        fetch(LOCATION)


@pytest.mark.parametrize("location", ["hf://", "hf://owner", "hf://owner/hearts", "hf://a//b"])
def test_it_says_how_a_hub_location_is_written(location: str) -> None:
    with pytest.raises(ModelError, match="is not of the form hf://owner/repository/file"):
        fetch(location)


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python marks a package that is not there.
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match="pip install huggingface_hub"):
        fetch(LOCATION)
