"""Gemini on Vertex AI with the function's own identity: tokens come from the platform's metadata server, here on loopback."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.vendors.server import Vendor

ROOT: Final = Path(__file__).resolve().parents[2]
ACCOUNT: Final = "/computeMetadata/v1/instance/service-accounts/default/"
ANSWERS: Final = {
    "/": "",
    ACCOUNT: json.dumps({"email": "persona@a-project.iam.gserviceaccount.com", "scopes": []}),
    f"{ACCOUNT}token": json.dumps({"access_token": "from-the-platform", "expires_in": 3599, "token_type": "Bearer"}),
    "/computeMetadata/v1/project/project-id": "another-project",
    "/computeMetadata/v1/universe/universe-domain": "googleapis.com",
}
ASKING: Final = """
import asyncio, sys, httpx2
from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.gemini import Gemini
from ion_mentoring.usage.meter import UsageMeter
from tests.models.asking import ASKED

async def ask():
    meter = UsageMeter()
    async with httpx2.AsyncClient(trust_env=False) as client:
        model = Gemini(client, "m", project="a-project", location="global", url=sys.argv[1])
        try:
            print((await asyncio.gather(*(model.answer(ASKED, meter, None) for _ in range(3))))[0].text)
        except ModelUnavailable as error:
            print(type(error).__name__, len(meter.calls))

asyncio.run(ask())
"""


@asynccontextmanager
async def metadata(answers: Mapping[str, str]) -> AsyncIterator[tuple[str, list[str]]]:
    """A metadata server that knows these paths: its address, and the paths as they are asked."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split()[1].partition("?")[0]
        asked.append(path)
        found = answers.get(path)
        status, body = ("404 Not Found", "") if found is None else ("200 OK", found)
        kind = "application/json" if body.startswith("{") else "text/plain"
        lines = (f"HTTP/1.1 {status}", "Metadata-Flavor: Google", f"Content-Type: {kind}", "Connection: close")
        writer.write("\r\n".join((*lines, f"Content-Length: {len(body)}", "", body)).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def asks(vendor: Vendor, home: Path, metadata_server: str) -> str:
    """What a process says that asks, and knows nothing but its platform."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "CLOUDSDK_"))}
    where = {"GCE_METADATA_HOST": metadata_server, "GCE_METADATA_IP": metadata_server, "CLOUDSDK_CONFIG": str(home)}
    more = {"HOME": str(home), "GCE_METADATA_DETECT_RETRIES": "1", "GCE_METADATA_TIMEOUT": "1"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", ASKING, vendor.url),
        cwd=ROOT,
        env=kept | where | more,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said.decode().strip()


@pytest.mark.slow
async def test_the_functions_own_identity_asks_vertex(vendor: Vendor, tmp_path: Path) -> None:
    async with metadata(ANSWERS) as (address, asked):
        assert await asks(vendor, tmp_path, address) == "A short answer."
    assert {request.headers["authorization"] for request in vendor.requests} == {"Bearer from-the-platform"}
    assert "/projects/a-project/locations/global/" in vendor.requests[0].path
    assert asked.count(f"{ACCOUNT}token") == 1


@pytest.mark.slow
async def test_without_an_identity_nothing_is_sent(vendor: Vendor, tmp_path: Path) -> None:
    assert await asks(vendor, tmp_path, "127.0.0.1:1") == "ModelMisused 0"
    assert vendor.requests == []


@pytest.mark.slow
async def test_an_identity_that_gets_no_token_may_get_one_later(vendor: Vendor, tmp_path: Path) -> None:
    async with metadata({path: body for path, body in ANSWERS.items() if not path.endswith("token")}) as (address, _):
        assert await asks(vendor, tmp_path, address) == "ModelUnavailable 0"
    assert vendor.requests == []
