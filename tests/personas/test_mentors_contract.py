"""One contract for every way to ask a persona: in this process, and over HTTP through a real persona function."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from functions_framework.aio import create_asgi_app

from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Delta, Message
from ion_mentoring.personas.contract import Mentor, PersonaRequest, Reply
from ion_mentoring.personas.remote.client import PersonaClient
from ion_mentoring.personas.remote.mentor import RemoteMentor
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resources import ROOT
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.usage.meter import UsageMeter
from ion_mentoring.wiring.models import breaker
from tests.listening import pieces

QUESTION = PersonaRequest(
    text="코드 리뷰 때마다 싸우게 돼요",
    key=ResonanceKey.parse("frustrated-burst-advice"),
    language="ko",
    history=(Message("user", "앞의 말"), Message("assistant", "앞의 답")),
    feeling="shame",
)


def here() -> Mentor:
    models = FallbackModels("playbook", (PlaybookModel(),), EventLog("test", write=lambda line: None))
    return LocalMentor(load_roster()["lua"], models)


@pytest.fixture(params=["here", "remote"])
async def mentor(request: pytest.FixtureRequest) -> AsyncIterator[Mentor]:
    if request.param == "here":
        yield here()
        return
    app = create_asgi_app("handle", str(ROOT.parent / "functions/lua/main.py"), "http")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
        yield RemoteMentor(PersonaClient("http://lua", client), breaker(), 5)


async def parts(mentor: Mentor, *, streaming: bool) -> list[Any]:
    return [part async for part in pieces(mentor, QUESTION, UsageMeter(), streaming=streaming)]


async def test_a_question_gets_the_same_reply_either_way(mentor: Mentor) -> None:
    assert await parts(mentor, streaming=False) == await parts(here(), streaming=False)


async def test_a_streamed_reply_is_its_pieces_and_comes_last(mentor: Mentor) -> None:
    *said, reply = await parts(mentor, streaming=True)
    assert isinstance(reply, Reply)
    assert all(isinstance(piece, Delta) for piece in said)
    assert "".join(piece.text for piece in said if isinstance(piece, Delta)) == reply.content
    assert [reply] == await parts(here(), streaming=False)
