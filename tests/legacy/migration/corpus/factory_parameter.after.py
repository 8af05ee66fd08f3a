from persona_system import PersonaPipeline


class Service:
    def __init__(self, make=PersonaPipeline):
        self.engine = make()

    def persona(self, key):
        return self.engine.get_persona(key)


RESULT = Service().persona("calm-medium-learning")
