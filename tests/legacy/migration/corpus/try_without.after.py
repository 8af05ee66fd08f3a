try:
    from persona_system import PersonaPipeline
except ImportError:
    PersonaPipeline = None

RESULT = PersonaPipeline().router.route("calm-medium-learning").primary_persona if PersonaPipeline else None
