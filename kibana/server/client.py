"""A small client of Kibana's HTTP API."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

from kibana.server.trouble import KibanaAwayError, KibanaError

TIMEOUT_SECONDS: Final = 30.0
# Kibana writes sentences; what else answers there may write a whole page.
_LONGEST_REASON: Final = 300
# Without it Kibana refuses every request that changes something.
_HEADERS: Final = {"kbn-xsrf": "true"}


class KibanaClient:
    """``url`` may hold a user and a password. ``ca_certs``: a file of authorities to trust, too.

    Raises ``KibanaError`` for one that cannot be used.
    """

    def __init__(
        self,
        url: str,
        api_key: str = "",
        ca_certs: str = "",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        headers = dict(_HEADERS)
        if api_key:
            headers["Authorization"] = f"ApiKey {api_key}"
        try:
            given = httpx.URL(url)
            auth = httpx.BasicAuth(given.username, given.password) if given.userinfo else None
            base = given.copy_with(username=None, password=None)
        except httpx.InvalidURL:
            # Its text may have the password.
            raise KibanaError("KIBANA_URL is no address of a Kibana.") from None
        if base.scheme not in ("http", "https") or not base.host:
            raise KibanaError("KIBANA_URL needs a scheme and a host, as http://localhost:5601.")
        self.address: Final = str(base).rstrip("/")
        self._client = httpx.Client(
            base_url=self.address,
            headers=headers,
            # The key is the more particular of the two.
            auth=None if api_key else auth,
            timeout=timeout,
            verify=_trusting(ca_certs),
            # A proxy's environment variables are not meant for this.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, bytes] | None = None,
        accept: tuple[int, ...] = (),
    ) -> tuple[int, Any]:
        """Status and JSON of the answer. ``file``: its name and content, as a form's ``file``.

        Raises ``KibanaAwayError`` where nothing answers, ``KibanaError`` for a status of 3xx,
        4xx or 5xx that is not one to ``accept``.
        """
        files = {"file": (*file, "application/x-ndjson")} if file else None
        try:
            answer = self._client.request(method, path, json=body, files=files)
        except httpx.TimeoutException:
            raise KibanaAwayError(f"{self._where} did not answer in time.") from None
        except httpx.TransportError as error:
            kind = type(error).__name__
            raise KibanaAwayError(f"{self._where} cannot be reached ({kind}).") from None
        content = _json(answer)
        if answer.is_success or answer.status_code in accept:
            if content is None and answer.content:
                raise KibanaError(f"{self._where} does not answer JSON: is it a Kibana?")
            return answer.status_code, content
        raise self._refusal(method, path, answer.status_code, content)

    @property
    def _where(self) -> str:
        return f"Kibana at {self.address}"

    def _refusal(self, method: str, path: str, status: int, content: Any) -> KibanaError:
        if status in (401, 403):
            return KibanaError(
                f"{self._where} refuses the credentials (status {status} to {method} {path})."
            )
        if status in (502, 503, 504):
            return KibanaAwayError(f"{self._where} is not ready (status {status}).")
        reason = content.get("message") if isinstance(content, dict) else None
        why = f": {' '.join(str(reason).split())[:_LONGEST_REASON]}" if reason else "."
        return KibanaError(f"{self._where} answers {status} to {method} {path}{why}")


def _trusting(ca_certs: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_certs:
        try:
            context.load_verify_locations(ca_certs)
        except OSError:
            raise KibanaError("ES_CA_CERTS is no file of certificates that can be read.") from None
    return context


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
