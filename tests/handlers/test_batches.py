"""Batches over HTTP: handed in as JSON, NDJSON or CSV, watched, read, cancelled and tried again; each its owner's alone."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from ion_mentoring.handlers.web.app import App
from ion_mentoring.wiring.stores import stores
from tests.fakes import client
from tests.handlers.batch_set import BatchSet

BATCHES = "/api/v2/batches"
CSV, NDJSON, JSON = ({"content-type": kind} for kind in ("text/csv", "application/x-ndjson", "application/json"))
QUESTION = {"user_input": "How do I prepare for an interview?"}


def refused(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The details of an error of that kind."""
    assert response.status_code == status, response.text
    assert response.json()["error"]["code"] == code
    details: dict[str, Any] = response.json()["error"]["details"]
    return details


def errors(response: httpx2.Response) -> list[tuple[int, str | None, str]]:
    details = refused(response, 422, "VALIDATION_ERROR")
    assert details["total"] == len(details["errors"])
    return [(one["line"], one["field"], one["reason"]) for one in details["errors"]]


async def post(batches: BatchSet, body: bytes | str | object, headers: Mapping[str, str], query: str = "") -> httpx2.Response:
    sent = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return await batches.router.post(f"{BATCHES}{query}", content=sent, headers=headers)


async def done(batches: BatchSet, response: httpx2.Response) -> str:
    """The id of a batch that was handed in, once it has been worked on."""
    assert response.status_code == 202, response.text
    await batches.work()
    batch_id: str = response.json()["batch"]["id"]
    return batch_id


async def results(batches: BatchSet, batch_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await batches.router.get(f"{BATCHES}/{batch_id}/results")).json()["results"]
    return rows


async def test_a_batch_of_json_is_answered_in_order(batches: BatchSet) -> None:
    items = [{"item_id": name, **QUESTION} for name in ("b", "a", "c")] + [QUESTION]
    response = await post(batches, {"name": "evening", "requests": items, "retention_days": 2}, JSON)
    shown = response.json()["batch"]
    assert (shown["state"], shown["total"], shown["counts"]["pending"], shown["name"]) == ("running", 4, 4, "evening")
    batch_id = await done(batches, response)
    progress = (await batches.router.get(f"{BATCHES}/{batch_id}")).json()["batch"]
    assert (progress["state"], progress["counts"]["answered"], progress["left_s"]) == ("completed", 4, 0)
    assert progress["created_at"] <= progress["started_at"] <= progress["finished_at"] < progress["expires_at"]
    rows = await results(batches, batch_id)
    assert [(row["place"], row["item_id"], row["state"]) for row in rows] == [
        (place, name, "answered") for place, name in enumerate(("b", "a", "c", "4"), 1)
    ]
    assert all(row["answer"]["content"] for row in rows)


async def test_ndjson_and_csv_are_the_same_batch_in_other_words(batches: BatchSet) -> None:
    lines = '{"item_id": "x", "user_input": "How do I learn Rust?", "persona": "Elro", "context": {"user_id": "u"}}\r\n\n'
    table = '\ufeffID; text ;user;PERSONA;more\r\nx;"How do I\nlearn ;Rust;?";u;Elro;ignored\r\n'
    for body, headers in ((lines, NDJSON), (table, CSV)):
        batch_id = await done(batches, await post(batches, body, headers, "?name=n&retention_days=1"))
        (row,) = await results(batches, batch_id)
        assert (row["item_id"], row["answer"]["persona_used"]) == ("x", "Elro")
        batch = (await batches.router.get(f"{BATCHES}/{batch_id}")).json()["batch"]
        assert batch["name"] == "n"


async def test_every_bad_line_is_named_and_nothing_is_accepted(batches: BatchSet) -> None:
    lines = [
        json.dumps(QUESTION),
        '{"user_input": ""}',
        "no json",
        '{"user_input": "a", "persona": "nobody"}',
        '{"user_input": "a", "item_id": "1"}',
        "[]",
        '{"user_input": "a", "context": {"user_id": "not good"}}',
        '{"user_input": "a", "item_id": ["x"]}',
    ]
    found = errors(await post(batches, "\n".join(lines), NDJSON))
    assert [(line, field) for line, field, _ in found] == [
        (2, "user_input"),
        (3, None),
        (4, "persona"),
        (5, "item_id"),
        (6, None),
        (7, "context.user_id"),
        (8, "item_id"),
    ]
    assert "line 1" in found[3][2]
    assert (await batches.router.get(BATCHES)).json()["batches"] == []
    assert batches.messages == []


async def test_a_hundred_faults_are_named_and_all_are_counted(batches: BatchSet) -> None:
    details = refused(await post(batches, "{}\n" * 250, NDJSON), 422, "VALIDATION_ERROR")
    assert (len(details["errors"]), details["total"]) == (100, 250)
    assert details["errors"][-1]["line"] == 100


BAD_ROWS: list[tuple[str, tuple[int, str]]] = [
    ('text\n"opens and\nnever closes\nx', (2, "quote")),
    ("text,user\na,u,more", (2, "3 cells for 2 columns")),
    ("text\na\0b", (2, "NUL")),
    ('text\n"a"b', (2, "quote")),
    ("text,user\n,u", (2, "required")),
    ("text\n" + "가" * 2_000_000, (2, "longer")),
    ("text,id\na,7\nb,7", (3, "line 2")),
]


async def test_a_bad_row_of_csv_is_named(batches: BatchSet) -> None:
    for table, (bad, said) in BAD_ROWS:
        ((line, _, reason),) = errors(await post(batches, table, CSV))
        assert line == bad
        assert said.lower() in reason.lower()


NO_BATCHES: list[tuple[bytes, Mapping[str, str], int, str, str | None]] = [
    (b"", CSV, 400, "INVALID_INPUT", None),
    (b"text\n", CSV, 400, "INVALID_INPUT", "requests"),
    (b"\n\n", NDJSON, 400, "INVALID_INPUT", "requests"),
    (b'{"requests": []}', JSON, 400, "INVALID_INPUT", "requests"),
    (b"user,key\nu,k", CSV, 422, "VALIDATION_ERROR", "text"),
    (b"text,user_input\nu,k", CSV, 422, "VALIDATION_ERROR", "user_input"),
    (b'{"requests": 1}', JSON, 422, "VALIDATION_ERROR", "requests"),
    (b"{}", JSON, 422, "VALIDATION_ERROR", "requests"),
    (b'{"requests": [{"user_input": "a"}], "retention_days": 31}', JSON, 422, "VALIDATION_ERROR", "retention_days"),
    (b'{"requests": [{"user_input": "a"}]', JSON, 400, "INVALID_JSON", None),
    (b'{"requests": [{"user_input": "a"}]} x', JSON, 400, "INVALID_JSON", None),
    (b'{"requests": [{"user_input": "a"},]}', JSON, 400, "INVALID_JSON", None),
    (b"[]", JSON, 400, "INVALID_JSON", None),
    (b"", JSON, 400, "INVALID_JSON", None),
    (b"<xml/>", {"content-type": "text/xml"}, 415, "UNSUPPORTED_MEDIA_TYPE", None),
    (b"text\na", {**CSV, "content-encoding": "br"}, 415, "UNSUPPORTED_MEDIA_TYPE", None),
    (b"text\na", {**CSV, "content-encoding": "gzip"}, 400, "INVALID_INPUT", None),
]


async def test_what_is_no_batch_is_refused_with_its_reason(batches: BatchSet) -> None:
    for body, headers, status, code, field in NO_BATCHES:
        response = await post(batches, body, headers)
        refused(response, status, code)
        assert response.json()["error"]["field"] == field


async def test_another_encoding_is_named_with_the_way_to_convert_it(batches: BatchSet) -> None:
    for encoding, named in {"cp949": "CP949", "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "cp1252": "WINDOWS-1252"}.items():
        text = "text,user\n" + ("Ça va très bien à l'été" if encoding == "cp1252" else "면접을 어떻게 준비하나요?") + ",u\n"
        details = refused(await post(batches, text.encode(encoding), CSV), 400, "INVALID_INPUT")
        assert details["encoding"] == named
        assert details["convert"] == f"iconv -f {named} -t UTF-8 FILE > FILE.utf8"


async def test_ten_thousand_items_are_taken_and_no_more(batches: BatchSet) -> None:
    response = await post(batches, "text\n" + "a\n" * 10_001, CSV)
    assert refused(response, 413, "REQUEST_TOO_LARGE") == {"limit": 10_000}
    assert (await post(batches, "text\n" + "a\n" * 10_000, CSV)).status_code == 202


async def test_a_gzip_body_is_unpacked_and_a_bomb_is_found_out(batches: BatchSet) -> None:
    packed = {**CSV, "content-encoding": "gzip"}
    assert (await post(batches, gzip.compress(b"text\na") + gzip.compress(b"\nb"), packed)).json()["batch"]["total"] == 2
    refused(await post(batches, gzip.compress(b"text\na")[:-9], packed), 400, "INVALID_INPUT")
    bomb = zlib.compressobj(9, wbits=31)
    body = bomb.compress(b"text\n" + b"a" * 1_000) + b"".join(bomb.compress(b"\0" * 2**20) for _ in range(100)) + bomb.flush()
    assert refused(await post(batches, body, packed), 413, "REQUEST_TOO_LARGE") == {"limit_bytes": 16 * 2**20}
    refused(await post(batches, b"text\n" + b"a" * 17 * 2**20, CSV), 413, "REQUEST_TOO_LARGE")


async def test_the_same_key_and_body_are_the_same_batch_and_another_body_is_a_conflict(batches: BatchSet) -> None:
    key = {**CSV, "idempotency-key": "k-1"}
    first = await post(batches, "text\na", key)
    again = await post(batches, "text\na", key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["batch"]["id"] == first.json()["batch"]["id"]
    assert again.headers["idempotency-replayed"] == "true"
    refused(await post(batches, "text\nb", key), 409, "CONFLICT")
    refused(await post(batches, "text\na", key, "?name=other"), 409, "CONFLICT")
    assert len((await batches.router.get(BATCHES)).json()["batches"]) == 1


async def audited(batches: BatchSet) -> list[str]:
    """The kinds of what the audit log has of today, in their order."""
    today = datetime.now(UTC).date()
    days = [await stores(batches.store).audit.of_day(day.isoformat()) for day in (today - timedelta(days=1), today)]
    return [json.loads(text)["kind"] for there in days for text in there.values()]


async def test_another_caller_neither_sees_nor_changes_a_batch_and_an_admin_does(closed_batches: BatchSet) -> None:
    batches = closed_batches
    mine = {**JSON, **batches.key("acme")}
    batch_id = (await post(batches, {"requests": [QUESTION]}, mine)).json()["batch"]["id"]
    for method, path in (("GET", ""), ("GET", "/results"), ("DELETE", ""), ("POST", "/replay")):
        address = f"{BATCHES}/{batch_id}{path}"
        foreign = await batches.router.request(method, address, headers=batches.key("other"))
        absent = await batches.router.request(
            method, address.replace(batch_id, f"batch_{'a' * 26}"), headers=batches.key("acme")
        )
        odd = await batches.router.request(method, address.replace(batch_id, "__a__"), headers=batches.key("acme"))
        assert {one.status_code for one in (foreign, absent, odd)} == {404}
        assert foreign.json()["error"] == absent.json()["error"] == odd.json()["error"]
        assert (await batches.router.request(method, address, headers=batches.key("kim"))).status_code == 403
    assert (await batches.router.get(BATCHES, headers=batches.key("other"))).json()["batches"] == []
    assert (await batches.router.get(f"{BATCHES}/{batch_id}", headers=batches.key("stranger"))).status_code == 404
    assert (await batches.router.get(f"{BATCHES}/{batch_id}", headers=batches.key("boss"))).status_code == 200
    assert (await batches.router.delete(f"{BATCHES}/{batch_id}", headers=batches.key("boss"))).status_code == 200
    assert await audited(batches) == ["batch_read", "batch_changed"]


async def test_results_before_the_end_say_what_is_pending(batches: BatchSet) -> None:
    response = await post(batches, "id,text\nx,a\ny,b", CSV)
    address = f"{BATCHES}/{response.json()['batch']['id']}/results"
    page = (await batches.router.get(address)).json()
    assert page["complete"] is False
    assert [(row["item_id"], row["state"], row["answer"]) for row in page["results"]] == [
        ("x", "pending", None),
        ("y", "pending", None),
    ]
    assert (await batches.router.get(address, headers={"accept": "text/csv"})).headers["x-batch-complete"] == "false"


async def test_results_come_in_pages(batches: BatchSet) -> None:
    batch_id = await done(batches, await post(batches, "text\n" + "a\n" * 7, CSV))
    places, cursor = [], "0"
    while cursor:
        page = (await batches.router.get(f"{BATCHES}/{batch_id}/results?limit=3&cursor={cursor}")).json()
        places.append([row["place"] for row in page["results"]])
        cursor = page["next_cursor"]
    assert places == [[1, 2, 3], [4, 5, 6], [7]]
    for query in ("limit=0", "limit=201", "cursor=x", "cursor=-1", "limit=%b2"):
        refused(await batches.router.get(f"{BATCHES}/{batch_id}/results?{query}"), 422, "VALIDATION_ERROR")
    assert (await batches.router.get(f"{BATCHES}/{batch_id}/results?cursor=99")).json()["results"] == []


async def test_csv_is_safe_in_a_spreadsheet_and_whole(batches: BatchSet) -> None:
    ids = ["=1+1", "+x", "-2", "@sum", " =1", "plain", "＝1"]
    items = [{"item_id": name, **QUESTION} for name in ids]
    batch_id = await done(batches, await post(batches, {"requests": items}, JSON))
    address = f"{BATCHES}/{batch_id}/results"
    response = await batches.router.get(address, headers={"accept": "text/csv"})
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["item_id"] for row in rows] == [name if name == "plain" else f"'{name}" for name in ids]
    assert all(row["content"] and row["state"] == "answered" for row in rows)
    lines = (await batches.router.get(address, headers={"accept": "application/x-ndjson"})).text.splitlines()
    assert [json.loads(line)["item_id"] for line in lines] == ids


async def test_a_sign_of_danger_is_answered_and_marked(batches: BatchSet) -> None:
    batch_id = await done(batches, await post(batches, {"requests": [QUESTION, {"user_input": "죽고 싶어요"}]}, JSON))
    assert [row["look_first"] for row in await results(batches, batch_id)] == [False, True]
    progress = (await batches.router.get(f"{BATCHES}/{batch_id}")).json()["batch"]
    assert progress["counts"]["look_first"] == 1


async def test_what_has_not_run_is_cancelled_and_does_not_run(batches: BatchSet) -> None:
    response = await post(batches, "id,text\nx,a\ny,b", CSV)
    address = f"{BATCHES}/{response.json()['batch']['id']}"
    for _ in range(2):
        cancelled = (await batches.router.delete(address)).json()["batch"]
        assert (cancelled["state"], cancelled["counts"]["cancelled"]) == ("cancelled", 2)
    await batches.work()
    assert [(row["item_id"], row["state"]) for row in await results(batches, cancelled["id"])] == [
        ("x", "cancelled"),
        ("y", "cancelled"),
    ]
    assert refused(await batches.router.post(f"{address}/replay"), 409, "WRONG_STATE") == {"state": "cancelled"}


async def test_after_the_end_nothing_is_cancelled(batches: BatchSet) -> None:
    batch_id = await done(batches, await post(batches, "text\na", CSV))
    assert refused(await batches.router.delete(f"{BATCHES}/{batch_id}"), 409, "WRONG_STATE") == {"state": "completed"}
    again = await batches.router.post(f"{BATCHES}/{batch_id}/replay")
    assert again.json()["batch"]["state"] == "completed", "nothing failed"


async def test_a_caller_hands_in_so_many_items_a_day(closed_batches: BatchSet) -> None:
    batches = closed_batches
    mine = {**CSV, **batches.key("acme")}
    assert (await post(batches, "text\n" + "a\n" * 30, mine)).status_code == 202
    response = await post(batches, "text\n" + "a\n" * 21, mine)
    assert refused(response, 429, "QUOTA_EXHAUSTED") == {"limit": 50, "rule": "items of a caller in 24 hours", "used": 30}
    assert int(response.headers["retry-after"]) > 86_000
    assert (await post(batches, "text\n" + "a\n" * 21, {**CSV, **batches.key("other")})).status_code == 202


async def test_a_webhook_inside_is_refused_when_it_is_named(closed_batches: BatchSet) -> None:
    batches = closed_batches
    for url in (
        "http://example.com/",
        "https://127.0.0.1/x",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://metadata.google.internal/",
        "https://user:pass@example.com/",
        "https://169.254.169.254/computeMetadata/v1/",
        "https://",
    ):
        sent = {"requests": [QUESTION], "webhook_url": url}
        refused(await post(batches, sent, {**JSON, **batches.key("acme")}), 422, "VALIDATION_ERROR")
    sent = {"requests": [QUESTION], "webhook_url": "https://example.com/hook"}
    shown = (await post(batches, sent, {**JSON, **batches.key("acme")})).json()["batch"]["webhook"]
    assert [secret[:6] for secret in shown["secrets"]] == ["whsec_"]
    batch = (await batches.router.get(BATCHES, headers=batches.key("acme"))).json()["batches"][0]
    assert "secrets" not in batch["webhook"]


async def test_without_a_topic_nothing_is_accepted(laptop: App) -> None:
    async with client(laptop) as router:
        response = await router.post(BATCHES, json={"requests": [QUESTION]})
    refused(response, 503, "STORE_UNAVAILABLE")
