"""The contract says of each operation what it takes, wherever that is sent, and who may call it."""

from typing import Any

import httpx2
from starlette.responses import Response

from ion_mentoring.access.permissions import ADMINISTERS, ANYONE
from ion_mentoring.handlers.contract.views import AnswerView
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.openapi import document


async def run(_call: Call) -> Response:
    raise AssertionError("nobody calls it")


def operation(endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = document((endpoint,))["paths"][endpoint.path][endpoint.method.lower()]
    return found


def test_parameters_of_path_query_and_headers_stand_side_by_side() -> None:
    query = {"page": {"type": "integer"}, "size": {"type": "integer"}}
    endpoint = Endpoint("GET", "/users/{id}/turns/{turn}", run, "x", gives=AnswerView, streams=True, stores=True, query=query)
    placed = [(one["in"], one["name"], one.get("required", False)) for one in operation(endpoint)["parameters"]]
    assert placed == [
        ("path", "id", True),
        ("path", "turn", True),
        ("query", "page", True),
        ("query", "size", True),
        ("header", "Last-Event-ID", False),
        ("header", "Idempotency-Key", False),
    ]


def test_an_endpoint_without_parameters_lists_none() -> None:
    assert "parameters" not in operation(Endpoint("GET", "/x", run, "x"))


def test_an_open_operation_says_so_and_a_closed_one_names_its_credentials() -> None:
    assert operation(Endpoint("GET", "/x", run, "x", allows=ANYONE))["security"] == []
    closed = operation(Endpoint("GET", "/x", run, "x", allows=ADMINISTERS))
    assert closed["security"] == [{"apiKey": []}, {"bearer": []}]


async def test_every_operation_of_the_router_says_who_may_call_it(router: httpx2.AsyncClient) -> None:
    contract = (await router.get("/openapi.json")).json()
    security = {f"{verb} {path}": one["security"] for path, verbs in contract["paths"].items() for verb, one in verbs.items()}
    assert security["get /api/v2/health"] == []
    assert security["post /api/v2/process"]


async def test_a_deprecated_total_is_marked(router: httpx2.AsyncClient) -> None:
    totals = (await router.get("/openapi.json")).json()["components"]["schemas"]["BulkView"]["properties"]
    assert totals["succeeded"]["deprecated"] is True
    assert "deprecated" not in totals["successful"]


async def test_the_contract_takes_null_wherever_a_field_may_be_absent(router: httpx2.AsyncClient) -> None:
    schemas = (await router.get("/openapi.json")).json()["components"]["schemas"]
    for name in ("ProcessRequest", "Context", "HistoryMessage", "BulkRequest", "RecommendRequest", "V1ProcessRequest"):
        required = schemas[name].get("required", [])
        nullable = {
            field for field, schema in schemas[name]["properties"].items() if {"type": "null"} in schema.get("anyOf", [])
        }
        assert nullable == set(schemas[name]["properties"]) - set(required), name
    history = schemas["Context"]["properties"]["message_history"]["anyOf"][0]
    assert history["maxItems"] == 50
