"""Many answers, whole, streamed, retried, fallen back and cut: our ledger against the books of who billed them."""

import asyncio
import json
import random
import sqlite3
from collections import Counter
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Delta
from ion_mentoring.records.ledger.protocol import Totals
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.answering import answering
from tests.listening import heard
from tests.vendors.plan import Billed, Plan, Request
from tests.vendors.server import Vendor

AT_ONCE = 40
KINDS = ("well", "retried", "refused", "cut", "left")


@dataclass
class Scene:
    """What the vendor does with the model `stand-in`, by the question's kind; `other` always answers well."""

    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: Request) -> Plan:
        question = _question(request)
        kind = question.split()[0]
        self.seen[question] += 1
        if request.body["model"] == "other":
            return Plan(pieces=("stood ", "in"), tokens_a_piece=4, usage="each")
        match kind:
            case "retried" if self.seen[question] == 1:
                return Plan(status=502)
            case "refused":
                return Plan(pieces=(), thought_tokens=9, finish="filter")
            case "cut" if request.body.get("stream"):
                return Plan(pieces=("never ", "comes ", "to ", "its ", "end"), stop_after=700, usage="each")
            case "left":
                return Plan(pieces=("word ",) * 30, delay_s=0.002, usage="each")
        return Plan(pieces=("well ", "said"), tokens_a_piece=5, thought_tokens=len(question) % 7)


async def ask(use_case: AnswerQuestion, kind: str, number: int) -> str:
    """Asks one question in its way; what became of it."""
    asked = AnswerRequest(f"{kind} number {number}", Caller(f"key:{kind}"), use_cache=number % 3 > 0)
    if kind == "left":
        async with aclosing(heard(lambda tell: use_case(asked, tell))) as parts:
            async for part in parts:
                if isinstance(part, Delta):
                    return "left"
    answer = await use_case(asked, (lambda event: None) if number % 2 else None)
    return "degraded" if answer.degraded else "well"


# A call that is cancelled while its connection is being made leaves that to the garbage collector, now and then.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.no_cover  # watching each line would double its time, and smaller tests pass every one of them
@pytest.mark.parametrize("answers", [500, pytest.param(10_000, marks=pytest.mark.proof)])
async def test_answers_are_in_the_ledger_as_the_vendor_billed_them(tmp_path: Path, answers: int) -> None:
    dice = random.Random(20_261_123)
    scene = Scene()
    async with Vendor(scene) as vendor:
        environ = {
            "STORE": f"sqlite:///{tmp_path}/ion.sqlite3",
            "MODEL": "openai:stand-in",
            "FALLBACK_MODEL": "openai:other",
            "MODEL_URL": f"{vendor.url}/v1",
            "MODEL_PRICES": "openai:stand-in=0.3/2.5 openai:other=0.1/0.4",
        }
        settings = RouterSettings.read(environ)
        groups = (settings.deployment, settings.models, settings.personas, settings.cache, settings.store)
        built = answering(*groups, EventLog("test", write=lambda line: None), someone_waits=True)
        turns = asyncio.Semaphore(AT_ONCE)
        kinds = dice.choices(KINDS, (88, 3, 3, 3, 3), k=answers)

        async def one(number: int, kind: str) -> str:
            async with turns:
                return await ask(built.answer, kind, number)

        became = Counter(await asyncio.gather(*(one(number, kind) for number, kind in enumerate(kinds))))
        await vendor.idle()
        entries = _entries(tmp_path)
        spending = await built.stores.ledger.spending(str(entries[0]["month"]))
    await clients.close()

    assert became["left"] == kinds.count("left") > 0
    assert len({entry["id"] for entry in entries}) == len(entries) == spending.total.answers
    ours = {kind: _counted(spending.by_caller[f"key:{kind}"]) for kind in KINDS}
    billed = {kind: _billed(vendor, kind) for kind in KINDS}
    left, written = ours.pop("left"), billed.pop("left")
    assert ours == billed
    assert left.input_tokens == written.input_tokens
    assert left.output_tokens <= written.output_tokens, "what it wrote before it noticed that we had left, nobody can know"
    assert not spending.total.estimated_tokens, "this vendor counts on the way, too: nothing has to be estimated"
    assert spending.total.nano_usd == sum(_priced(charge) for entry in entries for charge in entry["charges"])
    assert sum(totals.nano_usd for totals in spending.by_caller.values()) == spending.total.nano_usd
    assert sum(totals.nano_usd for totals in spending.by_model.values()) == spending.total.nano_usd


def _entries(folder: Path) -> list[dict]:
    with closing(sqlite3.connect(folder / "ion.sqlite3")) as connection:
        rows = connection.execute("SELECT id, month, calls FROM entries").fetchall()
    return [{"id": identity, "month": month, "charges": json.loads(calls)} for identity, month, calls in rows]


def _counted(totals: Totals) -> Billed:
    return Billed(totals.input_tokens, totals.output_tokens)


def _billed(vendor: Vendor, kind: str) -> Billed:
    asked = [request.id for request in vendor.requests if _question(request).startswith(f"{kind} ")]
    return sum((vendor.billed.get(one, Billed()) for one in asked), Billed())


def _question(request: Request) -> str:
    return str(request.body["messages"][-1]["content"])


def _priced(charge: dict) -> int:
    read, written = {"openai:stand-in": (300, 2_500), "openai:other": (100, 400)}[charge["model"]]
    return charge["usage"]["input_tokens"] * read + charge["usage"]["output_tokens"] * written
