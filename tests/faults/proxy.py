"""Stands between the pipeline and a real server: refuses, stalls, cuts."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

_POLL_S: Final = 0.1
_PIECE: Final = 65_536
# Closes with RST, as a host does that has forgotten the connection.
_NO_LINGER: Final = struct.pack("ii", 1, 0)


def target_of(url: str) -> tuple[str, int] | Path:
    """Where a URL such as ``http://127.0.0.1:9200`` or ``unix:///a/socket?db=0`` leads."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return Path(parts.path)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


class TcpProxy:
    """A TCP port that leads to ``target``, or not: ``refuse``, ``accept``, ``stall``, ``cut``.

    The port is kept whatever happens. ``connections`` counts those that were taken.
    """

    def __init__(self, target: tuple[str, int] | Path) -> None:
        self._target = target
        self._lock = threading.RLock()
        self._port_holder = _bound(0)
        self._listens = False
        self._open: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._closed = False
        self.connections = 0
        self.port = int(self._port_holder.getsockname()[1])
        self.accept()

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed = True
        self._flowing.set()
        self.refuse()
        self._port_holder.close()

    def accept(self) -> None:
        """New connections are taken, and everything is forwarded, also what ``stall`` held."""
        self._flowing.set()
        self._listen()

    def refuse(self) -> None:
        """Connection refused; those there are get cut."""
        with self._lock:
            if self._listens:
                # Wakes the thread that waits in accept(): closing alone does not.
                self._port_holder.shutdown(socket.SHUT_RDWR)
                self._port_holder.close()
                # Bound and not listening: refused, and nobody else gets the port.
                self._port_holder = _bound(self.port)
                self._listens = False
        self.cut()

    def stall(self) -> None:
        """Half open: connections are taken and stay, and nothing is forwarded."""
        self._flowing.clear()
        self._listen()

    def cut(self) -> None:
        """Resets every connection; new ones fare as before."""
        with self._lock:
            for each in self._open:
                _reset(each)
            self._open.clear()

    def _listen(self) -> None:
        with self._lock:
            if not self._listens:
                self._port_holder.listen()
                self._listens = True
                self._start(self._take, self._port_holder)

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._join, client)

    def _join(self, client: socket.socket) -> None:
        """Connects only when it may forward: a stalled proxy's target knows nothing of it."""
        self._keep(client)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait_to_forward(client)
        try:
            server = self._connect()
        except OSError:
            self._drop(client)
            return
        self._keep(server)
        self._start(self._forward, server, client)
        self._forward(client, server)

    def _connect(self) -> socket.socket:
        if isinstance(self._target, Path):
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.connect(str(self._target))
            return server
        server = socket.create_connection(self._target, timeout=10)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            source.settimeout(None)
            while piece := source.recv(_PIECE):
                self._wait_to_forward(source)
                sink.sendall(piece)
        self._drop(source)
        self._drop(sink)

    def _wait_to_forward(self, connection: socket.socket) -> None:
        while not self._flowing.wait(_POLL_S):
            if connection not in self._open:
                return

    def _keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._closed:
                _reset(connection)

    def _drop(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)
            with suppress(OSError):
                # Also wakes the thread that waits in recv().
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _start(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()


def _bound(port: int) -> socket.socket:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", port))
    return holder


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        connection.shutdown(socket.SHUT_RD)
    connection.close()
