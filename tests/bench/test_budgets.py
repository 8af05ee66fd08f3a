"""An answer keeps to its budget of calls, waits, tasks and round trips, and a start to its list of modules."""

import asyncio
import json
import os
import subprocess
import sys
import tomllib

import pytest

from bench.counting import counted
from bench.first_modules import FIRST, ROOT, allowed, loaded
from bench.steps import Step

ROUNDS = 5
BUDGETS = tomllib.loads((ROOT / "bench" / "budgets.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["L1", "miss"])
def test_an_answer_without_l2_keeps_to_its_budget(kind: str) -> None:
    assert over(kind, "") == {}


def test_an_answer_from_l2_keeps_to_its_budget(valkey_port: int) -> None:
    assert over("L2", f"redis://127.0.0.1:{valkey_port}") == {}


async def test_what_answers_from_elsewhere_is_not_counted() -> None:
    step = Step("L2")
    with pytest.raises(ValueError, match="L2 is counted"):
        await step.once()


async def test_the_counters_see_calls_waits_and_tasks() -> None:
    async def nothing() -> None: ...

    async def work() -> None:
        await asyncio.create_task(asyncio.sleep(0))
        len("")

    none, some = await counted(nothing), await counted(work)
    assert (some.waits, some.tasks) == (1, 1)
    assert (none.waits, none.tasks) == (0, 0)
    assert some.calls > none.calls + 2


@pytest.mark.parametrize("function", FIRST)
def test_a_first_answer_loads_the_modules_of_the_list_and_no_other(function: str) -> None:
    """What is new is imported by what needs it, or the list is written anew: python -m bench.first_modules --write."""
    assert loaded(function) == allowed()[function]


def over(kind: str, cache_url: str) -> dict[str, tuple[int, int]]:
    """What an answer takes beyond its budget, with what it may take, in a process where nothing else runs."""
    command = [sys.executable, "-m", "bench.steps", kind, str(ROUNDS), "--count"]
    environ = {**os.environ, "CACHE_URL": cache_url}
    said = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, timeout=60).stdout
    return {name: (count, BUDGETS[kind][name]) for name, count in json.loads(said).items() if count > BUDGETS[kind][name]}
