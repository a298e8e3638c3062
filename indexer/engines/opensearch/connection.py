"""Connect to a cluster, and turn its errors into messages."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from indexer.errors import BackissueError, BadQuery, EngineUnreachable, ExtraMissing

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

OLDEST = (3, 2)
RETRIES = 3  # on another node each
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,99}$")


class BadEngine(BackissueError):
    """A cluster or its settings cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """The nodes of a cluster, the name of the alias, and the numbers of shards and copies of a new generation."""

    urls: tuple[str, ...]
    name: str = "backissue"
    shards: int = 1
    replicas: str = "0-1"
    deadline: float = 30  # seconds for an answer

    @property
    def shown(self) -> str:
        """The nodes, for messages."""
        return ", ".join(self.urls)


def place_of(urls: str, environ: Mapping[str, str] = os.environ) -> Place:
    """Return the cluster at some URLs, separated by commas. Raises `BadEngine` if one is not valid."""
    found = tuple(checked(each) for each in urls.split(",") if each.strip())
    if not found:
        raise BadEngine("No cluster is named. Name one with --engine-url or BACKISSUE_ENGINE_URL.")
    name = environ.get("BACKISSUE_ENGINE_INDEX", "backissue")
    if not NAME.match(name):
        raise BadEngine(f"BACKISSUE_ENGINE_INDEX={name}: Use lower-case letters, digits, - and _ only.")
    shards, replicas = environ.get("BACKISSUE_ENGINE_SHARDS", "1"), environ.get("BACKISSUE_ENGINE_REPLICAS", "0-1")
    if not re.fullmatch(r"[1-9]\d{0,2}", shards):
        raise BadEngine(f"BACKISSUE_ENGINE_SHARDS={shards}: Use a number from 1 to 999.")
    if not re.fullmatch(r"\d{1,2}(-(\d{1,2}|all))?", replicas):
        raise BadEngine(f"BACKISSUE_ENGINE_REPLICAS={replicas}: Use a number of copies, or a range such as 0-1.")
    return Place(found, name, int(shards), replicas)


def checked(url: str) -> str:
    """Return the URL of a node without a trailing slash. Raises `BadEngine` if it is not valid or has a password."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, or a port that is no number up to 65,535
        valid = False
    if not valid or not url.isprintable() or " " in url:
        raise BadEngine(f"{url}: This is not the URL of a node. Write it as https://search.example.org:9200.")
    if parts.username or parts.password:
        raise BadEngine("The URL contains a password. Set BACKISSUE_ENGINE_USER and BACKISSUE_ENGINE_PASSWORD instead.")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def connect(place: Place, environ: Mapping[str, str] = os.environ) -> OpenSearch:
    """Return a client with the credentials in the environment. Raises `BadEngine` if the cluster is too old."""
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise ExtraMissing(
            'The engine opensearch needs another package. Install it with pip install "backissue[opensearch]".'
        ) from error
    user, password = environ.get("BACKISSUE_ENGINE_USER"), environ.get("BACKISSUE_ENGINE_PASSWORD", "")
    files = {
        "ca_certs": environ.get("BACKISSUE_ENGINE_CA"),
        "client_cert": environ.get("BACKISSUE_ENGINE_CERT"),
        "client_key": environ.get("BACKISSUE_ENGINE_KEY"),
    }
    given: dict[str, Any] = {name: path for name, path in files.items() if path}
    made = OpenSearch(
        list(place.urls),
        headers={"Authorization": basic(user, password)} if user else None,
        timeout=place.deadline,
        max_retries=RETRIES,
        retry_on_timeout=True,
        retry_on_status=(502, 503, 504),
        pool_maxsize=16,
        **given,
    )
    with client_errors(place):
        check_version(place, made.info())
    return made


def basic(user: str, password: str) -> str:
    """Return the authorization header in the bytes of the environment, since nodes expect UTF-8, not Latin-1."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode(errors="surrogateescape")).decode()


def check_version(place: Place, info: Mapping[str, Any]) -> None:
    """Raise `BadEngine` unless the cluster runs OpenSearch of a sufficient version."""
    version = info.get("version", {})
    number = str(version.get("number", "?"))
    parts = tuple(int(part) for part in re.findall(r"\d+", number)[:2])
    if version.get("distribution") != "opensearch" or parts < OLDEST:
        name = "OpenSearch" if version.get("distribution") == "opensearch" else "another software,"
        oldest = ".".join(map(str, OLDEST))
        raise BadEngine(
            f"The cluster at {place.shown} runs {name} {number}. backissue needs OpenSearch {oldest} or later."
        )


@contextmanager
def client_errors(place: Place) -> Iterator[None]:
    """Turn errors of the client into a `BackissueError`."""
    from opensearchpy import exceptions

    try:
        yield
    except (exceptions.AuthenticationException, exceptions.AuthorizationException) as error:
        raise BadEngine(forbidden(place, error)) from error
    except exceptions.SSLError as error:
        raise BadEngine(untrusted(place, error)) from error
    except exceptions.ConnectionError as error:
        raise EngineUnreachable(f"The cluster at {place.shown} cannot be reached. Check that it is running.") from error
    except exceptions.TransportError as error:
        raise sentence(place, error) from error


def untrusted(place: Place, error: Any) -> str:
    """Return the message for a failed encrypted connection: about the cluster's certificate, or the client's."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            f"The certificate of {place.shown} is not trusted. Name the file of its authority in BACKISSUE_ENGINE_CA."
        )
    return (
        f"The cluster at {place.shown} closed the encrypted connection. If it asks for a client certificate, name the "
        "files of one and of its key in BACKISSUE_ENGINE_CERT and BACKISSUE_ENGINE_KEY."
    )


def forbidden(place: Place, error: Any) -> str:
    """Return the message for a refused request: about the credentials, or an index that is read-only."""
    if is_blocked(error.error):
        return blocked(place, reason(error))
    return (
        f"The cluster at {place.shown} refuses the user ({error.status_code}). Set BACKISSUE_ENGINE_USER and "
        "BACKISSUE_ENGINE_PASSWORD, and check the rights listed in the manual."
    )


def is_blocked(error: Any) -> bool:
    """Return whether an error says that an index is read-only."""
    return "cluster_block_exception" in str(error) or "read-only" in str(error)


def blocked(place: Place, why: str) -> str:
    return (
        f"The cluster at {place.shown} is read-only: {why}. Free some space on its disks, and remove the block "
        "index.blocks.read_only_allow_delete."
    )


def sentence(place: Place, error: Any) -> BackissueError:
    """Return the error for a failed request: the cluster is busy or broken for now, or the request is not valid."""
    status = error.status_code
    if "maxClauseCount" in str(error.info):
        return BadQuery("The query has more clauses than the cluster allows. Use fewer or rarer words.")
    if is_blocked(error.error) and "no cluster_manager" not in str(error.info):
        return BadEngine(blocked(place, reason(error)))
    if status in (429, 502, 503, 504):
        return EngineUnreachable(f"The cluster at {place.shown} cannot answer now: {reason(error)}. Try again later.")
    if "NoShardAvailable" in str(error) or "all shards failed" in str(error):
        return EngineUnreachable(
            f"Parts of the index are missing in the cluster at {place.shown}: {reason(error)}. Start all its nodes."
        )
    return BadEngine(f"The cluster at {place.shown} answered {status}: {reason(error)}.")


def reason(error: Any) -> str:
    """Return the reason that a cluster gives for an error, on one line."""
    info = error.info if isinstance(error.info, dict) else {}
    failure = info.get("error", {})
    roots = failure.get("root_cause", []) if isinstance(failure, dict) else []
    text = (roots[0].get("reason") if roots else None) or (
        failure.get("reason") if isinstance(failure, dict) else failure
    )
    return " ".join(str(text or error.error).split())[:300].rstrip(".")
