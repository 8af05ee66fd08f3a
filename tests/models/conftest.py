"""A stand-in vendor, and each vendor's model that asks it."""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from ion_mentoring.models.protocol import Model
from tests.models.subjects import GEMINI, OPENAI, VERTEX, Subject
from tests.vendors.server import Vendor

SUBJECTS: Final = [OPENAI, GEMINI, VERTEX]  # an adapter joins the contract by its Subject in this list


@pytest.fixture(params=SUBJECTS, ids=str)
def subject(request: pytest.FixtureRequest) -> Subject:
    found: Subject = request.param
    return found


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor() as serving:
        yield serving


@pytest.fixture
async def model(subject: Subject, vendor: Vendor) -> AsyncIterator[Model]:
    async with subject.at(vendor.url) as made:
        yield made
