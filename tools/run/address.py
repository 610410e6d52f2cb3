"""Where the site listens: checked before anything is started, probed afterwards."""

import errno
import http.client
import socket
from dataclasses import dataclass
from typing import Final

from heartrisk_site.environment import BadConfiguration

_EVERY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_BIND_ERRORS: Final = {
    errno.EADDRINUSE: "is in use by another program. Choose a free one: make run API_PORT=8001",
    errno.EACCES: "needs more rights than this user has. Choose one above 1023.",
    errno.EADDRNOTAVAIL: "cannot be used: the address is not one of this machine's.",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A checked numeric address; ``family`` is the socket module's."""

    family: int
    host: str
    port: int

    @property
    def is_every_address(self) -> bool:
        return self.host in _EVERY_ADDRESS

    @property
    def client_host(self) -> str:
        """Where a client on this machine reaches it."""
        return _EVERY_ADDRESS.get(self.host, self.host)

    @property
    def url(self) -> str:
        host = f"[{self.client_host}]" if ":" in self.client_host else self.client_host
        return f"http://{host}:{self.port}/"


def resolve(host: str, port: int) -> Address:
    """The first address of the name, IPv4 before IPv6; one clear line where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise BadConfiguration(f"API_HOST={host!r} is not an address or name of a host.") from None
    family, _, _, _, sockaddr = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return Address(family=family, host=str(sockaddr[0]), port=port)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_free(address: Address) -> None:
    """Binds and lets go: the server itself would share a port that another one holds."""
    with socket.socket(address.family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen()
        except OSError as error:
            why = _BIND_ERRORS.get(error.errno or 0, f"cannot be used: {error.strerror}.")
            raise BadConfiguration(f"port {address.port} of {address.host} {why}") from None


def status_of(address: Address, path: str, timeout: float = 2.0) -> int | None:
    """The HTTP status of a GET, or None where nobody answers."""
    connection = http.client.HTTPConnection(address.client_host, address.port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Host": "localhost", "Accept": "application/json"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
