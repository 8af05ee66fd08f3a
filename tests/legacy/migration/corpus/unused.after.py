import os

from persona_system import PersonaPipeline  # noqa: F401

RESULT = os.sep
