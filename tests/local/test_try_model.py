"""`make try-model` against a server that answers, and against none."""

import pytest

from ion_mentoring.local import try_model


@pytest.mark.slow
def test_the_transcript_shows_every_answer_and_what_it_took(stand_in: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert try_model.main([f"{stand_in}/v1", "stand-in"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("One small step at a time. One small step at a time. One small step at a time.") == 8
    assert printed.count("openai:stand-in, degraded: nothing") == 8
    assert printed.count("asked again: L1") == 8
    assert "8 of 8 answered by the model itself" in printed
    assert "168 written" in printed


@pytest.mark.slow
def test_a_server_that_is_not_there_is_stood_in_for_and_the_program_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_model.main(["http://127.0.0.1:1/v1", "nobody"]) == 1
    printed = capsys.readouterr().out
    assert "degraded: ['model']" in printed
    assert "0 of 8 answered by the model itself" in printed
