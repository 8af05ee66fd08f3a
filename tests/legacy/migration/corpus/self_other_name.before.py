from persona_system import PersonaPipeline


class Service:
    def __init__(self, engine=None):
        self._engine = engine or PersonaPipeline()

    def persona(self, key):
        return self._engine.get_persona(key)


RESULT = Service().persona("calm-medium-learning")
