"""One strict set and one local set for each module of attacks, and how many random heads are sent."""

from collections.abc import Iterator

import pytest

from tests.attacks import sets


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--heads", type=int, default=None, help="random heads that each test sends, in place of its own number")
    parser.addoption("--seed", type=int, default=20261128, help="what the random heads are made from")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sets.Running]:
    with sets.running(tmp_path_factory.mktemp("strict"), sets.STRICT) as found:
        yield found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sets.Running]:
    with sets.running(tmp_path_factory.mktemp("local"), {}) as found:
        yield found
