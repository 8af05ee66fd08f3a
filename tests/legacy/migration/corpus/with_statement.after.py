from contextlib import nullcontext

from persona_system import get_pipeline

with nullcontext(get_pipeline()) as pipeline:
    RESULT = pipeline.router.route("calm-medium-learning").primary_persona
