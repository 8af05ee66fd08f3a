"""Whatever a program looks like, it is rewritten once, and compiles."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from migration.rewriting.rewrite import Program

IMPORTS = [
    "from persona_system import PersonaPipeline",
    "from persona_system import PersonaPipeline as P, ChatContext",
    "from persona_system import (\n    get_legacy_pipeline,  # shared\n    Tone,\n)",
    "from persona_system.legacy import get_legacy_pipeline, reset_legacy_pipeline as reset",
    "import persona_system",
    "import persona_system.legacy as old",
    "from persona_system import legacy",
    "from persona_system import *",
    "def get_pipeline(): return 1",
    "__all__ = ['PersonaPipeline']",
]
MADE = [
    "PersonaPipeline()",
    "P()",
    "get_legacy_pipeline()",
    "persona_system.PersonaPipeline()",
    "old.get_legacy_pipeline()",
    "make()",
]
METHODS = [
    "get_persona(key)",
    "get_confidence(resonance_key=key)",
    "get_all_scores(*keys)",
    "build_prompt('{x}', persona=key)",
    "get_router().route(key)",
    "get_new_pipeline()",
    "get_system_prompt(key)",
    "get_statistics()",
    "process(key, key)",
    "_cache",
]
HOLDERS = ["p", "self.pipeline", "engine", "pipeline"]
FORMS = ["{h} = {m}", "print({m}.{c})", "x = {h}.{c}", "def f({h0}, key): return {h0}.{c}", "f = lambda: {h}.{c}", "{h} = None"]


def line(form: str, holder: str, made: str, called: str) -> str:
    return form.format(h=holder, h0=holder.rpartition(".")[2], m=made, c=called)


lines = st.builds(line, st.sampled_from(FORMS), st.sampled_from(HOLDERS), st.sampled_from(MADE), st.sampled_from(METHODS))
programs = st.builds(
    lambda imports, body, end: end.join([*imports, *body, ""]),
    st.lists(st.sampled_from(IMPORTS), min_size=1, max_size=4),
    st.lists(lines, min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)


@settings(max_examples=40)
@given(programs)
def test_a_program_is_rewritten_once(program: str) -> None:
    once = Program(program).rewritten().text
    ast.parse(once)
    again = Program(once).rewritten()
    assert (again.text, again.changes) == (once, 0)
    assert once.count("\r\n") == program.count("\r\n")


@settings(max_examples=30)
@given(st.text(alphabet="abc #'\"\n()=", max_size=60))
def test_what_is_not_ours_comes_back_as_it_was(text: str) -> None:
    program = f"import os\n# {text!r}\nx = {text!r}\n"
    assert Program(program).rewritten().text == program
