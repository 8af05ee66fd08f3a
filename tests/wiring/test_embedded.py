"""The mentors in a program: as its environment says, and never in its way."""

import threading

import pytest

from ion_mentoring.errors import DeadlineExceeded, SettingsInvalid
from ion_mentoring.local.parts import free_port
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.wiring import embedded
from ion_mentoring.wiring.embedded import EmbeddedMentors, ProgramRequest

ASKED = ProgramRequest("How do I give feedback?", DEFAULT_KEY)


def test_a_deployment_around_a_program_is_its_own_affair() -> None:
    mentors = EmbeddedMentors({"ENVIRONMENT": "prod", "K_SERVICE": "x", "CACHE_URL": "nonsense", "STORE": "nonsense"})
    assert mentors.answer(ASKED)["metadata"]["model"] == "playbook"
    mentors.close()


def test_a_program_may_name_its_model_and_is_answered_without_it() -> None:
    mentors = EmbeddedMentors({"MODEL": "openai:none", "MODEL_URL": f"http://127.0.0.1:{free_port()}/v1"})
    answer = mentors.answer(ASKED)
    mentors.close()
    assert answer["content"]
    assert answer["metadata"]["degraded"] == ["model"]


def test_a_wrong_model_is_named() -> None:
    with pytest.raises(SettingsInvalid, match="MODEL"):
        EmbeddedMentors({"MODEL": "nonsense"})


def test_there_is_an_end_to_waiting() -> None:
    mentors = EmbeddedMentors({"REQUEST_TIMEOUT_S": "0.000001"})
    with pytest.raises(DeadlineExceeded):
        mentors.answer(ASKED)
    mentors.close()


def test_a_process_has_one_until_it_is_forgotten() -> None:
    first = embedded.embedded()
    assert embedded.embedded() is first
    embedded.forget()
    embedded.forget()
    assert "ion-mentoring" not in {thread.name for thread in threading.enumerate()}
    assert embedded.embedded() is not first
    embedded.forget()


def test_a_conversation_is_heard_without_what_says_nothing() -> None:
    history = (("user", "My exam went badly"), ("assistant", ""), ("system", "\ud800"), ("user", "  "))
    answer = embedded.embedded().answer(ProgramRequest("And now?", DEFAULT_KEY, history=history * 30))
    embedded.forget()
    assert answer["content"]
