"""Each new connection to L2 brings the token of the moment, and those that are there outlive the one they brought."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
import valkey
from valkey.asyncio import ConnectionPool, Valkey
from valkey.asyncio.cluster import ClusterNode, ValkeyCluster
from valkey.asyncio.connection import Connection

from ion_mentoring.backends.identity.access_tokens import AccessTokens
from ion_mentoring.backends.identity.metadata import MetadataServer
from ion_mentoring.backends.valkey.credentials import IamCredentials
from ion_mentoring.errors import CacheUnavailable, IdentityUnavailable
from tests.fakes import Clock
from tests.vendors import metadata_server

QUIET = {"socket_timeout": 2.0, "lib_name": None, "lib_version": None}


class Tokens:
    """Gives this token, waits, or has none."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.asked = 0
        self.away = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def __call__(self) -> str:
        self.asked += 1
        await self.answers.wait()
        if self.away:
            raise IdentityUnavailable("metadata server: ConnectError")
        return self.token


class Guarded:
    """A real server whose password a test changes, as the platform does with tokens; who is in stays in."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._admin = valkey.Valkey(port=port, single_connection_client=True)

    def takes(self, token: str) -> None:
        self._admin.config_set("requirepass", token)

    @property
    def connections(self) -> int:
        return len(self._admin.client_list()) - 1

    def close(self) -> None:
        self._admin.close()


@pytest.fixture
def guarded(breakable: Callable[..., Any]) -> Iterator[Guarded]:
    server = Guarded(breakable().port)
    server.takes("one")
    yield server
    server.close()


@pytest.fixture
async def client(guarded: Guarded) -> AsyncIterator[Callable[[IamCredentials], Valkey]]:
    """Makes clients that are closed with the test."""
    async with AsyncExitStack() as opened:

        def made(credentials: IamCredentials) -> Valkey:
            both = {"credential_provider": credentials, "valkey_connect_func": credentials.introduce}
            pool = ConnectionPool(connection_class=Connection, port=guarded.port, **both, **QUIET)
            client = Valkey.from_pool(pool)
            opened.push_async_callback(client.aclose)
            return client

        yield made


Client = Callable[[IamCredentials], Valkey]


async def test_connections_outlive_their_token_and_new_ones_bring_the_new_one(guarded: Guarded, client: Client) -> None:
    tokens = Tokens("one")
    shared = client(IamCredentials(tokens))
    async with shared.client() as old:
        number = await old.client_id()
        guarded.takes("two")
        tokens.token = "two"
        async with shared.client() as new:
            assert await new.client_id() != number
            assert await new.acl_whoami() == "default"
        assert await old.client_id() == number
    assert tokens.asked == 2


async def test_a_connection_that_is_there_asks_for_no_token(guarded: Guarded, client: Client) -> None:
    tokens = Tokens("one")
    shared = client(IamCredentials(tokens))
    await shared.ping()
    tokens.away = True
    for _ in range(5):
        await shared.ping()
    assert tokens.asked == 1


async def test_tokens_come_from_the_platform_as_they_are_renewed(guarded: Guarded, client: Client) -> None:
    clock = Clock()
    async with metadata_server.MetadataServer(clock) as platform, httpx2.AsyncClient(trust_env=False) as http:
        shared = client(IamCredentials(AccessTokens(MetadataServer(http, platform.host), clock).token))
        guarded.takes("ya29.c.access-1")
        async with shared.client() as old:
            await old.ping()
            clock.tick(3_599)
            guarded.takes("ya29.c.access-2")
            async with shared.client() as new:
                assert await new.ping()
            assert await old.ping()


async def test_without_a_token_no_connection_stays_open(guarded: Guarded, client: Client) -> None:
    tokens = Tokens("one")
    tokens.away = True
    shared = client(IamCredentials(tokens))
    for _ in range(3):
        with pytest.raises(CacheUnavailable, match="metadata server: ConnectError"):
            await shared.ping()
    await asyncio.sleep(0.02)  # closing takes the loop's turn and the server's
    assert guarded.connections == 0
    tokens.away = False
    assert await shared.ping()
    assert guarded.connections == 1


async def test_whoever_leaves_while_a_token_is_fetched_leaves_no_stranger_in_the_pool(guarded: Guarded, client: Client) -> None:
    tokens = Tokens("one")
    tokens.answers.clear()
    shared = client(IamCredentials(tokens))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await shared.ping()
    assert tokens.asked == 1
    tokens.answers.set()
    assert await shared.ping()
    assert tokens.asked == 2


async def test_a_token_that_is_not_taken_is_told_and_the_next_one_tried(guarded: Guarded, client: Client) -> None:
    tokens = Tokens("of somebody else")
    shared = client(IamCredentials(tokens))
    with pytest.raises(valkey.exceptions.AuthenticationError):
        await shared.ping()
    tokens.token = "one"
    assert await shared.ping()


@pytest.mark.slow
async def test_every_node_of_a_cluster_gets_the_token_of_the_moment(breakable: Callable[..., Any]) -> None:
    server = breakable(**{"cluster-enabled": "yes"})
    server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    await server.serves_as_cluster()
    guarded, tokens = Guarded(server.port), Tokens("one")
    guarded.takes("one")
    async with _cluster(server.port, IamCredentials(tokens)) as cluster:
        await cluster.set("a", b"1")
        guarded.takes("two")
        tokens.token = "two"
        assert await cluster.get("a") == b"1"
        assert await asyncio.gather(*(cluster.get("a") for _ in range(10))) == [b"1"] * 10
        assert 1 < guarded.connections <= tokens.asked
    guarded.close()


def _cluster(port: int, credentials: IamCredentials) -> ValkeyCluster:
    cluster = ValkeyCluster(host="127.0.0.1", port=port, credential_provider=credentials, **QUIET)
    cluster.connection_kwargs["valkey_connect_func"] = credentials.introduce
    startup = cluster.nodes_manager.startup_nodes.values()
    nodes = [ClusterNode(node.host, node.port, **cluster.connection_kwargs) for node in startup]
    cluster.nodes_manager.startup_nodes = {node.name: node for node in nodes}
    return cluster
