"""A cluster of three OpenSearch nodes on loopback, in separate processes, for tests of the second engine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.ports import free_port

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "cluster"
OLDEST_JAVA = 21
STARTING = 900  # seconds until the cluster has to be green
OPTIONS = (
    "-Xms512m", "-Xmx512m", "-XX:MaxDirectMemorySize=256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
)  # fmt: skip
QUICK = "-XX:TieredStopAtLevel=1"  # starts in half the time and computes more slowly
LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


class Unavailable(Exception):
    """Java, Maven or the artifacts are not available."""


class Nodes:
    """Three nodes with their `urls`. They end on `close`, or with this process.

    `quick` nodes start sooner; `others` are further settings of each node.
    """

    def __init__(self, folder: Path, *, quick: bool = True, others: Mapping[str, str] = MappingProxyType({})) -> None:
        home = java_home()
        classes = packaged(home)
        ports = free_ports(6)
        http, transport = ports[:3], ports[3:]
        self.urls = tuple(f"http://127.0.0.1:{port}" for port in http)
        common = {
            "cluster.name": f"backissue-{os.getpid()}",
            "network.host": "127.0.0.1",
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transport),
            "cluster.initial_cluster_manager_nodes": "n0,n1,n2",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "node.processors": "1",
            "http.max_content_length": "5mb",  # 100 MB unless set: a batch that is too large is to be small
        }
        self.folder = folder
        self.commands = []
        for i in range(3):
            root = folder / f"n{i}"
            for name in ("config", "data", "logs", "modules", "plugins"):
                (root / name).mkdir(parents=True)
            (root / "config" / "opensearch.yml").touch()
            (root / "config" / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
            own = {"node.name": f"n{i}", "http.port": str(http[i]), "transport.port": str(transport[i])}
            settings = [f"{key}={value}" for key, value in {**common, **own, **others}.items()]
            options = (*OPTIONS, QUICK) if quick else OPTIONS
            java = [home / "bin" / "java", *options, f"-Djava.io.tmpdir={root}", "-cp", classes]
            self.commands.append([*java, "backissue.ClusterNode", root, *settings])
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.start()

    def start(self) -> None:
        """Start the stopped nodes, and wait until the cluster is green."""
        for i, command in enumerate(self.commands):
            if i not in self.processes:
                with self.output(i).open("ab") as out:
                    self.processes[i] = subprocess.Popen(
                        command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT
                    )
        try:
            self.wait()
        except BaseException:
            self.close()
            raise

    def output(self, number: int) -> Path:
        """Return the path of a node's output."""
        return self.folder / f"n{number}.out"

    def wait(self) -> None:
        """Wait until the cluster is green."""
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            for i, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"n{i} ended: {self.output(i).read_text(encoding='utf-8')[-2000:]}")
            query = "wait_for_status=green&wait_for_nodes=3&timeout=2s"
            try:
                with urllib.request.urlopen(f"{self.urls[0]}/_cluster/health?{query}", timeout=30) as answer:  # noqa: S310
                    if not json.load(answer)["timed_out"]:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise RuntimeError(f"The cluster was not green after {STARTING} seconds.")

    def kill(self, number: int) -> None:
        """Kill a node, as a power failure would."""
        process = self.processes.pop(number)
        process.kill()
        process.communicate()

    def close(self) -> None:
        """End all nodes."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def java_home() -> Path:
    """Return the home of a sufficiently new JDK: JAVA_HOME or an installed one."""
    installed = sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in (Path(os.environ.get("JAVA_HOME", "/nowhere")), *installed):
        release = home / "release"
        if release.is_file() and (home / "bin" / "javac").exists():
            found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"), re.M)
            if found and int(found[1]) >= OLDEST_JAVA:
                return home
    raise Unavailable(f"A cluster needs a JDK {OLDEST_JAVA} or later: set JAVA_HOME.")


def packaged(home: Path) -> str:
    """Return the class path of a node. Maven downloads missing jars."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("A cluster needs Maven, which brings its jars.")
    target = BUILD / "target"
    if not is_newer(target / "classes" / "backissue" / "ClusterNode.class"):
        BUILD.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "pom.xml", BUILD)
        shutil.copytree(HERE / "src", BUILD / "src", dirs_exist_ok=True)
        command: Sequence[str] = (maven, "-B", "-q", "-ntp", "-C", "package")  # -C: a wrong checksum is an error
        done = subprocess.run(
            command, cwd=BUILD, env=os.environ | {"JAVA_HOME": str(home)}, capture_output=True, text=True, check=False,
            timeout=1_800,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"Maven could not bring the jars: {done.stdout[-500:]}")
    check_jars(target / "lib")
    return f"{target / 'classes'}{os.pathsep}{target / 'lib'}/*"


def check_jars(folder: Path) -> None:
    """Raise an error unless the jars are exactly those with known checksums."""
    kept = (HERE / "jars.sha256").read_text(encoding="ascii").splitlines()
    found = {f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}" for jar in folder.glob("*.jar")}
    if found != set(kept):
        raise ValueError(f"The jars in {folder} are not those of jars.sha256: {sorted(found ^ set(kept))}")


def is_newer(made: Path) -> bool:
    """Return whether a file exists and is newer than all of its sources."""
    sources = (HERE / "pom.xml", *(HERE / "src").rglob("*.java"))
    return made.exists() and made.stat().st_mtime > max(path.stat().st_mtime for path in sources)


def free_ports(count: int) -> list[int]:
    """Return distinct free ports."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)
