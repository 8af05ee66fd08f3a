try:
    from persona_system import PersonaPipeline
except ImportError:
    from persona_system.pipeline import PersonaPipeline

RESULT = PersonaPipeline().get_persona("calm-medium-learning")
