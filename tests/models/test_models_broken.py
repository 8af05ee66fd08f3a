"""The contract of every vendor's model: a vendor that is not there, sends garbage, or breaks off at any byte."""

import asyncio
import socket
from dataclasses import replace
from typing import Final

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.protocol import Completion, Model
from ion_mentoring.usage.meter import Usage, UsageMeter
from tests.models.asking import WAYS, ask, does, fails
from tests.models.subjects import GEMINI, OPENAI, Subject
from tests.vendors.plan import Plan, Stop
from tests.vendors.server import Vendor

STOPS: Final[list[tuple[Stop, int]]] = [("end", 1), ("close", 3), ("abort", 3)]  # how, and at every which byte


@pytest.fixture(params=[OPENAI, GEMINI], ids=str)
def subject(request: pytest.FixtureRequest) -> Subject:
    """One of each wire: where Vertex AI listens makes no difference to what breaks."""
    found: Subject = request.param
    return found


SHORT: Final = Plan(pieces=("가", "b🌱"), input_tokens=6)


@pytest.mark.parametrize("way", WAYS)
async def test_a_vendor_that_is_not_there_costs_nothing(subject: Subject, way: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with subject.at(f"http://127.0.0.1:{taken.getsockname()[1]}") as model:
            meter = UsageMeter()
            assert type(await fails(model, way, meter)) is ModelUnavailable
    assert meter.calls == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "plan",
    [
        Plan(raw=b""),
        Plan(raw=b"\x16\x03\x01 this is no HTTP\r\n\r\n"),
        Plan(raw=b"HTTP/1.1 200 OK\r\ncontent-length: nine\r\n\r\n"),
        Plan(raw=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n"),
        Plan(headers={"content-encoding": "gzip"}),
        *(
            Plan(body=body)
            for body in (
                b"",
                b"<html>502</html>",
                b"null",
                b"[]",
                b"7",
                b'{"a": 1}',
                b"[" * 100_000,
                b'{"choices": 7, "candidates": 7}',
                b"\xff\xfe\x00",
                b"data: {\n\n",
                b"data: null\n\n",
                b"data: []\n\n",
                b'data: {"choices": [7], "candidates": [7]}\n\n',
                b'data: {"choices": [], "candidates": []}\n\ndata: [DONE]\n\n',
                b"data: " + b"[" * 100_000 + b"\n\n",
                b"data: \xff\xfe\n\n",
            )
        ),
    ],
)
async def test_garbage_is_unavailable(model: Model, vendor: Vendor, way: str, plan: Plan) -> None:
    does(vendor, plan)
    assert type(await fails(model, way, UsageMeter())) is ModelUnavailable


@pytest.mark.parametrize("way", WAYS)
async def test_a_text_larger_than_any_answer_is_an_error(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(pieces=("가" * 1_000,) * 30))
    await fails(model, way, UsageMeter())
    does(vendor, Plan(pieces=("가" * 1_000,) * 20))
    assert len((await ask(model, way, UsageMeter())).text) == 20_000


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("stop", STOPS, ids=str)
async def test_wherever_an_answer_is_cut_it_is_whole_or_none(
    model: Model, vendor: Vendor, way: str, stop: tuple[Stop, int]
) -> None:
    """At every byte: the whole Completion or a ModelUnavailable, never a part, never another error; and it is counted.

    A response that ends once the vendor has said why the answer ended is whole, though its counts may be lost."""
    does(vendor, SHORT)
    await ask(model, way, UsageMeter())
    length = vendor.sent[vendor.requests[0].id]
    then, step = stop
    cuts = iter(range(0, length + 17 * step, step))
    vendor.script = lambda request: replace(SHORT, stop_after=next(cuts), then=then)

    async def cut() -> bool:
        meter = UsageMeter()
        answer = (await asyncio.gather(ask(model, way, meter), return_exceptions=True))[0]
        if isinstance(answer, Completion):
            assert answer.text == SHORT.text
            assert not answer.cut_short
            assert meter.usage == Usage(6, 6) or meter.usage.estimated
        else:
            assert type(answer) is ModelUnavailable
            assert meter.usage.input_tokens > 0
        return isinstance(answer, Completion) and not meter.usage.estimated

    arrived = [whole for _ in range(0, length + 1, 16 * step) for whole in await asyncio.gather(*(cut() for _ in range(16)))]
    assert not any(arrived[: (length - 40) // step])
    assert any(arrived[(length - 40) // step :])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("then", ["end", "close", "abort"])
async def test_half_a_reply_and_none_at_all_have_different_reasons(
    subject: Subject, vendor: Vendor, way: str, then: Stop
) -> None:
    async with subject.at(vendor.url) as model:
        does(vendor, replace(SHORT, stop_after=45, then=then))
        cut = str(await fails(model, way, UsageMeter()))
        does(vendor, Plan(body=b"data: {[\xff\x00}]\n\n" if way == "streamed" else b"{[\xff\x00}]\n"))
        garbage = str(await fails(model, way, UsageMeter()))
    assert "broke off" in cut
    assert "broke off" not in garbage
    assert "malformed" in garbage
