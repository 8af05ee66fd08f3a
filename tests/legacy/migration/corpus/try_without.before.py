try:
    from persona_system import PersonaPipeline
except ImportError:
    PersonaPipeline = None

RESULT = PersonaPipeline().get_persona("calm-medium-learning") if PersonaPipeline else None
