"""A model that its server has to load: it is loaded once, whoever leaves, and answers people then."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ion_mentoring.errors import ModelBusy, ModelUnavailable
from ion_mentoring.models import warm_up
from ion_mentoring.models.guarded import GuardedModel, ModelTooLate
from ion_mentoring.models.warm_up import KEPT_S, WarmUp
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.retries import RetryBudget
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter
from tests.fakes import Clock
from tests.models.asking import ASKED, WAYS, ask
from tests.models.subjects import openai_at
from tests.vendors.loading import Loading
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

TRIED_S = 0.2  # of real time: as long as one call may take


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, rest_s=60, now=clock)


class Lines:
    """A log, whose events can be waited for."""

    def __init__(self) -> None:
        self._written: asyncio.Queue[str] = asyncio.Queue()

    def append(self, line: str) -> None:
        self._written.put_nowait(line)

    async def say(self, event: str) -> None:
        while f'"{event}"' not in await self._written.get():
            pass


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
async def model(vendor: Vendor, breaker: Breaker, clock: Clock, lines: Lines) -> AsyncIterator[GuardedModel]:
    async with openai_at(vendor.url) as asked:
        log = EventLog("test", write=lines.append)
        yield GuardedModel(asked, breaker, RetryBudget(), log, TRIED_S, WarmUp(asked, log, now=clock, silent_s=0.05))


@pytest.fixture
def loading(vendor: Vendor) -> Loading:
    loading = Loading()
    vendor.script = lambda request: Plan(loading=loading, pieces=("loaded",))
    return loading


@pytest.mark.parametrize("way", WAYS)
async def test_a_model_that_loads_longer_than_a_call_may_take_answers_in_the_end(
    model: GuardedModel, vendor: Vendor, loading: Loading, breaker: Breaker, lines: Lines, way: str
) -> None:
    with pytest.raises(ModelTooLate):
        await ask(model, way, UsageMeter())
    loading.tick(20)
    with pytest.raises(ModelBusy, match="loading"):
        await ask(model, way, UsageMeter())
    loading.tick(6)
    await lines.say("model_loaded")
    await asyncio.sleep(0)  # the warm-up ends
    assert (await ask(model, way, UsageMeter())).text == "loaded"
    assert (loading.given_up, breaker.state, len(vendor.requests)) == (0, "closed", 3)


async def test_a_person_who_leaves_does_not_end_the_loading(model: GuardedModel, loading: Loading, lines: Lines) -> None:
    asking = asyncio.create_task(ask(model, "streamed", UsageMeter()))
    await loading.asked()
    await loading.asked()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    loading.tick(26)
    await lines.say("model_loaded")
    await asyncio.sleep(0)  # the warm-up ends
    assert (loading.given_up, (await ask(model, "whole", UsageMeter())).text) == (0, "loaded")


async def test_what_goes_on_without_a_person_has_none_of_their_words(
    model: GuardedModel, vendor: Vendor, loading: Loading, lines: Lines
) -> None:
    with pytest.raises(ModelTooLate):
        await ask(model, "whole", UsageMeter())
    ours = vendor.requests[1].body
    assert ASKED.question not in str(ours)
    assert ours["max_tokens"] == 16
    loading.tick(26)
    await lines.say("model_loaded")


async def test_a_model_that_was_unloaded_is_loaded_again(
    model: GuardedModel, vendor: Vendor, loading: Loading, clock: Clock, lines: Lines
) -> None:
    vendor.script = lambda request: Plan()
    await ask(model, "whole", UsageMeter())
    vendor.script = lambda request: Plan(loading=loading, pieces=("loaded",))
    clock.tick(KEPT_S)
    with pytest.raises(ModelTooLate):
        await ask(model, "whole", UsageMeter())
    loading.tick(26)
    await lines.say("model_loaded")
    await asyncio.sleep(0)  # the warm-up ends
    assert (await ask(model, "whole", UsageMeter())).text == "loaded"


async def test_a_model_that_spoke_lately_is_slow_and_not_loading(model: GuardedModel, vendor: Vendor, breaker: Breaker) -> None:
    await ask(model, "whole", UsageMeter())
    vendor.script = lambda request: Plan(silent=True)
    with pytest.raises(ModelTooLate):
        await ask(model, "whole", UsageMeter())
    assert len(vendor.requests) == 2
    breaker.failed()
    breaker.failed()
    assert breaker.state == "open"


async def test_a_quick_answer_has_nothing_asked_beside_it(model: GuardedModel, vendor: Vendor) -> None:
    await ask(model, "streamed", UsageMeter())
    await asyncio.sleep(0.1)  # longer than it may be silent
    assert len(vendor.requests) == 1


async def test_what_never_loads_is_asked_anew_after_the_longest_time(
    model: GuardedModel, vendor: Vendor, loading: Loading, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    monkeypatch.setattr(warm_up, "LONGEST_S", 0.3)
    with pytest.raises(ModelTooLate):
        await ask(model, "whole", UsageMeter())
    await lines.say("model_not_loaded")
    await asyncio.sleep(0)
    with pytest.raises(ModelTooLate):
        await ask(model, "whole", UsageMeter())


async def test_a_server_that_dies_while_it_loads_is_not_waited_for(model: GuardedModel, vendor: Vendor) -> None:
    plans = iter([Plan(silent=True), Plan(status=500), Plan(pieces=("back",))])
    vendor.script = lambda request: next(plans)
    with pytest.raises(ModelUnavailable):
        await ask(model, "whole", UsageMeter())
    assert (await ask(model, "whole", UsageMeter())).text == "back"
