from persona_system import get_pipeline


class Service:
    def __init__(self, engine=None):
        self._engine = engine or get_pipeline()

    def persona(self, key):
        return self._engine.router.route(key).primary_persona


RESULT = Service().persona("calm-medium-learning")
