"""A benchmark prints its table, and nothing before it."""

import os

import pytest

from bench.unheard import STDOUT, unheard


def test_what_is_logged_while_it_measures_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with unheard():
        os.write(STDOUT, b'{"severity":"INFO"}\n')
    os.write(STDOUT, b"the table\n")
    assert capfd.readouterr().out == "the table\n"


def test_it_is_heard_again_after_what_went_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="midway"), unheard():
        raise ValueError("midway")
    os.write(STDOUT, b"heard")
    assert capfd.readouterr().out == "heard"
