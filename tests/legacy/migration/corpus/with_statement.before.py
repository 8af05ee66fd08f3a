from contextlib import nullcontext

from persona_system import PersonaPipeline

with nullcontext(PersonaPipeline()) as pipeline:
    RESULT = pipeline.get_persona("calm-medium-learning")
