import sys

if sys.version_info >= (3, 0):
    from persona_system import PersonaPipeline
else:
    from persona_system.legacy import PersonaPipeline

RESULT = PersonaPipeline().get_persona("calm-medium-learning")
