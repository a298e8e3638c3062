"""A cluster behind TLS, a password and a client certificate."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from indexer.catalog.protocol import Catalog
from indexer.engines.opensearch.connection import connect, place_of
from indexer.engines.opensearch.generations import opened
from indexer.errors import BackissueError
from indexer.query.query import Query
from tests.cluster.nodes import Nodes
from tests.cluster.proxy import PASSWORD, USER, guarding

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment with the credentials."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    mine = authority.issue_cert("reader@example.org")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    mine.cert_chain_pems[0].write_to_path(folder / "mine.pem")
    mine.private_key_pem.write_to_path(folder / "mine.key")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    files = {"CA": "authority.pem", "CERT": "mine.pem", "KEY": "mine.key"}
    found = {f"BACKISSUE_ENGINE_{name}": str(folder / file) for name, file in files.items()}
    return found | {"BACKISSUE_ENGINE_USER": USER, "BACKISSUE_ENGINE_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def guarded(nodes: Nodes, environ: dict[str, str]) -> Iterator[str]:
    folder = Path(environ["BACKISSUE_ENGINE_CA"]).parent
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.load_verify_locations(folder / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with guarding(nodes.urls[0], context) as url:
        yield url


@pytest.mark.usefixtures("archive")
def test_a_password_and_a_certificate_open_the_cluster(guarded: str, environ: dict[str, str], local: Catalog) -> None:
    place = place_of(guarded, environ)
    query = Query("verifier")
    assert opened(connect(place, environ), place).search(query).total == local.search(query).total


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"BACKISSUE_ENGINE_PASSWORD": "wrong"}, "BACKISSUE_ENGINE_PASSWORD"),
        ({"BACKISSUE_ENGINE_USER": ""}, "BACKISSUE_ENGINE_USER"),
        ({"BACKISSUE_ENGINE_CA": ""}, "BACKISSUE_ENGINE_CA"),
        ({"BACKISSUE_ENGINE_CERT": "", "BACKISSUE_ENGINE_KEY": ""}, "BACKISSUE_ENGINE_CERT|cannot be reached"),
    ],
)
def test_missing_credentials_give_one_message(
    guarded: str, environ: dict[str, str], changed: dict[str, str], message: str
) -> None:
    with pytest.raises(BackissueError, match=message) as refused:
        connect(place_of(guarded, environ), environ | changed)
    assert PASSWORD not in str(refused.value)
