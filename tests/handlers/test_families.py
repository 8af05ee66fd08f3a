"""Families of endpoints are made at the first request below their paths, and found as if they had always been there."""

import pytest
from starlette.responses import Response

from ion_mentoring.handlers.web.call import Call, Endpoint, Endpoints, Family
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build


async def run(_call: Call) -> Response:
    return Response()


def endpoint(method: str, path: str) -> Endpoint:
    return Endpoint(method, path, run, "x")


class Made:
    """A family of some endpoints, which knows how often it was made."""

    def __init__(self, root: str, *endpoints: Endpoint) -> None:
        self.times = 0
        self.endpoints = endpoints
        self.family = Family((root,), self.make)

    def make(self) -> tuple[Endpoint, ...]:
        self.times += 1
        return self.endpoints


def test_a_family_is_made_once_at_the_first_path_below_its_root() -> None:
    keys = Made("/keys", endpoint("GET", "/keys"), endpoint("DELETE", "/keys/{id}"))
    table = Endpoints(endpoint("GET", "/ask"), keys.family)
    assert table.at("/ask")[0]
    assert [table.at(path) for path in ("/keysmith", "/")] == [({}, {}), ({}, {})]
    assert keys.times == 0
    assert table.at("/keys/7") == ({"DELETE": keys.endpoints[1]}, {"id": "7"})
    assert table.at("/keys")[0] == {"GET": keys.endpoints[0]}
    assert table.at("/keys/7/more") == ({}, {})
    assert keys.times == 1


def test_two_families_of_one_path_are_found_together_whichever_is_asked_for_first() -> None:
    users = Made("/users", endpoint("GET", "/users/{id}"), endpoint("GET", "/users"))
    erasing = Made("/users", endpoint("DELETE", "/users/{id}"), endpoint("POST", "/users"))
    elsewhere = Made("/users/all", endpoint("GET", "/users/all"))
    table = Endpoints(users.family, erasing.family, elsewhere.family)
    assert set(table.at("/users/kim")[0]) == {"GET", "DELETE"}
    assert set(table.at("/users")[0]) == {"GET", "POST"}
    assert elsewhere.times == 0
    assert table.at("/users/all")[0] == {"GET": elsewhere.endpoints[0]}


def test_a_family_with_another_method_of_a_path_that_is_there_does_not_wait() -> None:
    asking = Made("/ask", endpoint("DELETE", "/ask"))
    table = Endpoints(endpoint("GET", "/ask"), asking.family)
    assert set(table.at("/ask")[0]) == {"GET", "DELETE"}


def test_all_are_in_the_order_of_the_table_and_made_for_it() -> None:
    keys = Made("/keys", endpoint("GET", "/keys"))
    table = Endpoints(endpoint("GET", "/a"), keys.family, endpoint("GET", "/b"))
    assert [one.path for one in table.all] == ["/a", "/keys", "/b"]
    assert [one.path for one in table.all] == ["/a", "/keys", "/b"]
    assert keys.times == 1


def test_what_is_not_below_a_familys_root_is_a_mistake_that_is_named() -> None:
    table = Endpoints(Made("/keys", endpoint("GET", "/other")).family)
    with pytest.raises(ValueError, match="/other is not below /keys"):
        table.at("/keys")


def test_the_router_finds_each_of_its_endpoints_at_the_first_request_for_it() -> None:
    settings = RouterSettings.read({"STORE": "sqlite:///:memory:"})
    for listed in build(settings).endpoints.all[::6]:
        found, _ = build(settings).endpoints.at(listed.path.replace("{", "").replace("}", ""))
        assert found[listed.method].summary == listed.summary
