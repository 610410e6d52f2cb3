"""Getting the node's jars, laying out its folder, and the command that runs it.

``home`` holds what all nodes share, under ``jars/``; ``data`` is one node's own folder.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from heartrisk_site.environment import BadConfiguration

_HERE: Final = Path(__file__).resolve().parent
_POM: Final = _HERE / "pom.xml"
_LAUNCHER: Final = _HERE / "Launcher.java"
LEAST_JAVA: Final = 17
VERSION: Final = re.findall(r"<elasticsearch.version>(.+)<", _POM.read_text(encoding="utf-8"))[0]
# Elasticsearch loads this plugin by a class loader of its own; all other jars are the server.
_MODULE: Final = "transport-netty4"
_MODULE_JARS: Final = (_MODULE, "netty-")
_DESCRIPTOR: Final = f"""\
description=HTTP and transport with Netty
version={VERSION}
name={_MODULE}
classname=org.elasticsearch.transport.netty4.Netty4Plugin
java.version={LEAST_JAVA}
elasticsearch.version={VERSION}
has.native.controller=false
"""
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
_JVM: Final = (
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    # Log4j's own hook would silence the node while it closes.
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "--add-opens=java.base/java.nio=org.elasticsearch.server",
)
_SETTINGS: Final[dict[str, str]] = {
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.type": "netty4",
    "transport.type": "netty4",
    # Any free one: nobody but the node itself uses it.
    "transport.port": "0",
    # A developer's disk is often fuller than a server's may be; the node would refuse writes.
    "cluster.routing.allocation.disk.threshold_enabled": "false",
}


def available() -> str:
    """What this machine lacks to run a node, in one short sentence; "" if nothing."""
    missing = []
    if not (shutil.which("java") and shutil.which("javac")):
        missing.append(f"Java {LEAST_JAVA} with its compiler")
    if not shutil.which("mvn"):
        missing.append("Maven")
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not on the PATH"
    major = _java_major()
    if major < LEAST_JAVA:
        return f"Java {LEAST_JAVA} or newer is not on the PATH, only Java {major}"
    return ""


def is_installed(home: Path) -> bool:
    """Whether ``home`` has the jars of this version."""
    return _jars(home).is_dir()


def install(home: Path) -> None:
    """Fetches the jars, once; Maven is not even started when they are there."""
    if is_installed(home):
        return
    folder = _jars(home).parent
    folder.mkdir(parents=True, exist_ok=True)
    # Two at once would also fight in Maven's own cache.
    with locked(folder / "lock"):
        if is_installed(home):
            return
        for left_over in folder.glob("*/"):
            shutil.rmtree(left_over)
        # Under its name only when complete: its name is the stamp.
        beside = Path(tempfile.mkdtemp(dir=folder, prefix="new-"))
        _fetch(beside / "server")
        _split(beside)
        _compile(beside)
        beside.rename(_jars(home))


def prepare(data: Path) -> None:
    """Lays out one node's folder."""
    for name in ("config", "data", "logs", "plugins"):
        (data / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(_HERE / "log4j2.properties", data / "config" / "log4j2.properties")


def command(
    home: Path,
    data: Path,
    http_port: int,
    heap_mb: int = 512,
    *,
    settings: Mapping[str, str] | None = None,
    owner: int | None = None,
) -> list[str]:
    """The Java command, for an installed ``home`` and a prepared ``data``.

    The node ends with the process ``owner``, if one is named.
    """
    jars = _jars(home)
    java = [shutil.which("java") or "java", f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", *_JVM]
    if owner is not None:
        java.append(f"-Downer={owner}")
    java += ["--class-path", str(jars / "launcher"), "--module-path", str(jars / "server")]
    java += ["--add-modules=ALL-MODULE-PATH", "Launcher", str(data), str(jars / "modules")]
    all_settings = _SETTINGS | {"http.port": str(http_port)} | dict(settings or {})
    return java + [f"{key}={value}" for key, value in all_settings.items()]


def _jars(home: Path) -> Path:
    """Named after what it was made from, so that a new version is another folder."""
    made_from = b"".join([_POM.read_bytes(), _LAUNCHER.read_bytes(), _DESCRIPTOR.encode()])
    return home / "jars" / f"{VERSION}-{hashlib.sha256(made_from).hexdigest()[:12]}"


def _java_major() -> int:
    """0 for a Java that does not tell."""
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(found.group(1)) if found else 0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time in the block; ``path`` is made where it is missing."""
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path) -> None:
    # -C: a jar that does not match its checksum is refused.
    maven = ["mvn", "-q", "-B", "-C", "-Dstyle.color=never", "-f", str(_POM)]
    maven += ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    maven += [f"-DoutputDirectory={folder}"]
    _run(maven, f"Maven could not fetch Elasticsearch {VERSION}; it needs the network once")


def _split(folder: Path) -> None:
    """Moves the plugin's jars out of the server's."""
    module = folder / "modules" / _MODULE
    module.mkdir(parents=True)
    for jar in (folder / "server").iterdir():
        if jar.name.startswith(_MODULE_JARS):
            jar.rename(module / jar.name)
    (module / "plugin-descriptor.properties").write_text(_DESCRIPTOR, encoding="utf-8")


def _compile(folder: Path) -> None:
    """Once, not at every start. For the oldest Java, whichever one compiles."""
    javac = ["javac", "--release", str(LEAST_JAVA), "-cp", str(folder / "server" / "*")]
    javac += ["-d", str(folder / "launcher"), str(_LAUNCHER)]
    _run(javac, "the launcher of Elasticsearch does not compile")


def _run(command: list[str], failure: str) -> None:
    """Its output is shown only when it fails, and then only the line that says why."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        raise BadConfiguration(f"{failure}: {_first_error(done.stdout)}")


def _first_error(output: str) -> str:
    lines = _ANSI.sub("", output).splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    line = (errors or lines or ["it says nothing"])[0]
    return line.removeprefix("[ERROR]").strip()[:300]
