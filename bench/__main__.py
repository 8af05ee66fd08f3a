"""`make bench`: the goals with numbers, each beside what it is compared with, as a table and as bench/results.json."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench import batches, caching, streaming
from bench.instructions import unpacked
from bench.rows import Row, ratio, table
from bench.serving import Asked, first_answer_s, requests_a_second, served, vendor
from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.local.parts import PartMissing, firestore_emulator, valkey_server

ROOT: Final = Path(__file__).resolve().parent.parent
EMPTY: Final = ROOT / "bench" / "empty" / "main.py"
ROUTER: Final = ROOT / "functions" / "router" / "main.py"
RESULTS: Final = ROOT / "bench" / "results.json"
QUESTION: Final = {"user_input": "How do I prepare for a job interview?", "resonance_key": "anxious-medium-planning"}


def main() -> int:
    """Measures, prints and writes; 0 whether goals are met or not, since a figure is not a test."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--seconds", type=int, default=4, help="of load in each round")
    parser.add_argument("--rounds", type=int, default=5, help="of each, in turn with the empty function")
    asked = parser.parse_args()
    missing = [program for program in ("wrk", "taskset") if shutil.which(program) is None]
    if missing:
        print(f"The benchmark needs {' and '.join(missing)}: apt-get install wrk util-linux", file=sys.stderr)
        return 1
    rows = [*throughput(asked.seconds, asked.rounds), *shared(), *cold_starts(asked.rounds), *streaming.rows(), *batches.rows()]
    print(table(rows))
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    print(f"written to {RESULTS.relative_to(ROOT)}")
    return 0


def throughput(seconds: int, rounds: int) -> list[Row]:
    """P1 and P2: a cached answer with API key, role, rate limit and event log on."""
    key = new_key("bench", Role.SERVICE)
    question = Asked("/api/v2/process", QUESTION, {"x-api-key": key.secret})
    on = {
        "ENVIRONMENT": "prod",
        "CACHE_KEY_SECRET": "bench",
        "MODEL": "playbook",
        "STORE": "sqlite:///:memory:",
        "API_KEYS": key.line,
        "RATE_LIMIT_PER_MINUTE": "100000000",
    }
    with ExitStack() as stack:
        empty = stack.enter_context(served(EMPTY, {}))
        kinds = {"P1": ("cached answer from L1", 0.6, stack.enter_context(served(ROUTER, on)))}
        try:
            valkey = valkey_server()
        except PartMissing as lacking:
            print(f"P2 is LEFT OUT: {lacking}", file=sys.stderr)
        else:
            stack.callback(valkey.stop)
            far = {"CACHE_URL": f"redis://127.0.0.1:{valkey.port}", "CACHE_KEY_SECRET": "bench", "CACHE_LOCAL_BYTES": "0"}
            kinds["P2"] = ("cached answer from L2", 0.4, stack.enter_context(served(ROUTER, on | far)))
        for name, (_, _, client) in kinds.items():
            question.send(client)
            layer = question.send(client).json()["performance"]["cache_layer"]
            if layer != {"P1": "L1", "P2": "L2"}[name]:
                raise SystemExit(f"{name} would measure something else: the answer came from {layer}")
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
        for _ in range(rounds):
            for name, (_, _, client) in kinds.items():
                plain = requests_a_second(empty, Asked("/"), seconds)
                figures[name].append((plain, requests_a_second(client, question, seconds)))
    return [ratio(name, kinds[name][0], "requests/s", pairs, kinds[name][1], at_least=True) for name, pairs in figures.items()]


def shared() -> list[Row]:
    """P3, P7 and P9."""
    try:
        valkey = valkey_server()
    except PartMissing as lacking:
        print(f"P3 and P7 are LEFT OUT: {lacking}", file=sys.stderr)
        return [caching.entry_memory()]
    try:
        return caching.rows(valkey.port)
    finally:
        valkey.stop()


def cold_starts(rounds: int) -> list[Row]:
    """P4 to P6: from the start of the process to the first answer, from bundles as the platform has them."""
    router = Asked("/api/v2/process", QUESTION)
    key = dict(zip(("tone", "pace", "intent"), QUESTION["resonance_key"].split("-"), strict=True))
    persona = Asked("/answer", {"text": QUESTION["user_input"], "key": key}, expects='"degraded":[]')
    with vendor() as address, ExitStack() as stack:
        folders = {name: Path(stack.enter_context(tempfile.TemporaryDirectory())) for name in ("router", "lua")}
        for name, folder in folders.items():
            unpacked(name, folder)
        gemini = {"MODEL": "gemini:stand-in", "MODEL_API_KEY": "none", "MODEL_URL": address}
        openai = {"MODEL": "openai:stand-in", "MODEL_URL": f"{address}/v1"}
        rows = [cold_start("P4", "start to first answer: router, embedded", folders["router"], router, {}, 1.6, rounds)]
        try:
            asked, everything = _everything(stack, address)
        except PartMissing as lacking:
            print(f"P5 is LEFT OUT: {lacking}", file=sys.stderr)
        else:
            what = "the same with L2, Firestore, Sentry, signed tokens"
            rows.append(cold_start("P5", what, folders["router"], asked, everything, 3.0, rounds))
        return [
            *rows,
            cold_start("P6", "start to first answer: persona, Gemini", folders["lua"], persona, gemini, 3.0, rounds),
            cold_start("P6", "start to first answer: persona, OpenAI-like", folders["lua"], persona, openai, 3.0, rounds),
        ]


def _everything(stack: ExitStack, address: str) -> tuple[Asked, dict[str, str]]:
    """A question by API key, and the settings of a router with all parts; PartMissing where one of them is not there."""
    valkey = valkey_server()
    stack.callback(valkey.stop)
    firestore = firestore_emulator()
    stack.callback(firestore.stop)
    key = new_key("bench", Role.SERVICE)
    settings = {
        "ENVIRONMENT": "dev",
        "CACHE_URL": f"redis://127.0.0.1:{valkey.port}",
        "CACHE_KEY_SECRET": "bench",
        "STORE": "firestore://ion-bench",
        "FIRESTORE_EMULATOR_HOST": firestore.address,
        "SENTRY_DSN": f"{address.replace('://', '://bench@')}/1",
        "API_KEYS": key.line,
        "JWT_KEY": "a secret of the bench, and of nobody else",
        "JWT_ALGORITHM": "HS256",
        "JWT_ISSUER": "https://issuer.invalid",
        "JWT_AUDIENCE": "bench",
    }
    return Asked("/api/v2/process", QUESTION, {"x-api-key": key.secret}), settings


def cold_start(
    goal: str, what: str, folder: Path, question: Asked, environ: Mapping[str, str], wanted: float, rounds: int
) -> Row:
    """The function of an unpacked bundle, beside the empty one."""
    environ = {"STORE": "sqlite:///:memory:", "PYTHONPATH": str(folder), **environ}
    pairs = [
        (1000 * first_answer_s(EMPTY, {}, Asked("/")), 1000 * first_answer_s(folder / "main.py", environ, question))
        for _ in range(2 * rounds)
    ]
    return ratio(goal, what, "ms", pairs, wanted, at_least=False)


if __name__ == "__main__":
    sys.exit(main())
