"""The dependencies of a drill: the real ones that this machine has, each behind a way that can be broken."""

import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from infra.drills.running_set import RunningSet
from infra.drills.stand_in_model import NAME, StandInModel
from infra.drills.way import HOST, Way
from ion_mentoring.local.parts import PartMissing, firestore_emulator, free_port, pubsub_emulator, valkey_server
from ion_mentoring.local.real import PROJECT

PARTS: Final[dict[str, tuple[str, Callable[[], Any]]]] = {
    "cache": ("Valkey", valkey_server),
    "store": ("Firestore emulator", firestore_emulator),
    "topics": ("Pub/Sub emulator", pubsub_emulator),
}
MODEL_TIMEOUT_S: Final = 2
REQUEST_TIMEOUT_S: Final = 8
DRILLED: Final = "lua"  # the persona whose function is behind a way


class World:
    """Starts the parts, as a context. `missing` says what this machine lacks, by dependency."""

    def __init__(self, folder: Path, wanted: frozenset[str]) -> None:
        self.folder = folder
        self.port = free_port()  # of every set, since a subscription in the emulator keeps the address it was made with
        self.missing: dict[str, str] = {}
        self.parts: dict[str, Any] = {}
        self.ways: dict[str, Way] = {}
        self.model = StandInModel()
        self._wanted = wanted
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "World":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._data = self._open.enter_context(tempfile.TemporaryDirectory())
        for dependency, (name, start) in PARTS.items():
            if dependency not in self._wanted:
                continue
            try:
                part = start()
            except PartMissing as missing:
                self.missing[dependency] = f"{name}: {missing}"
                continue
            self.parts[dependency] = part
            self._open.callback(self._stop, dependency)
            self.ways[dependency] = await self._open.enter_async_context(Way(part.port))
        await self._open.enter_async_context(self.model)
        self.ways["model"] = await self._open.enter_async_context(Way(self.model.port))
        self.ways["persona"] = await self._open.enter_async_context(Way(self.port))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def set_of(self, name: str) -> RunningSet:
        """A set over these dependencies, for the drill of that name."""
        log = self.folder / f"{name}.log"
        running = RunningSet(self._settings(name), self.port, log)
        for file in (log, running.errors):
            file.unlink(missing_ok=True)
        return running

    async def replace_cache(self) -> None:
        """Starts another Valkey in place of one that was killed, behind the same way."""
        self.parts["cache"] = valkey_server()
        self.ways["cache"].to = self.parts["cache"].port

    def _stop(self, dependency: str) -> None:
        self.parts[dependency].stop()

    def signal(self, dependency: str, number: signal.Signals) -> None:
        """Sends a signal to the process of a part."""
        os.kill(self.parts[dependency]._process.pid, number)

    def _settings(self, name: str) -> dict[str, str]:
        at = {dependency: f"{HOST}:{way.port}" for dependency, way in self.ways.items()}
        settings = {
            "ENVIRONMENT": "local",
            "MODEL": f"openai:{NAME}",
            "MODEL_URL": f"http://{at['model']}/v1",
            "MODEL_API_KEY": "drill",
            "MODEL_TIMEOUT_S": str(MODEL_TIMEOUT_S),
            "REQUEST_TIMEOUT_S": str(REQUEST_TIMEOUT_S),
            "CACHE_KEY_SECRET": "drill",
            "CACHE_LOCAL_ENTRIES": "0",  # so that each known answer comes from L2
            "STORE": f"sqlite:///{self._data}/{name}.sqlite3",
            f"PERSONA_URL_{DRILLED.upper()}": f"http://{at['persona']}/functions/{DRILLED}",
        }
        if "cache" in at:
            settings["CACHE_URL"] = f"redis://{at['cache']}"
        if "store" in at:
            settings |= {"STORE": f"firestore://{PROJECT}", "FIRESTORE_EMULATOR_HOST": at["store"]}
        if "topics" in at:
            settings["PUBSUB_EMULATOR_HOST"] = at["topics"]
        return settings
