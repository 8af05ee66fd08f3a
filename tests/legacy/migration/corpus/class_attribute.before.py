from persona_system import PersonaPipeline


class Service:
    engine: PersonaPipeline = PersonaPipeline()

    def persona(self, key):
        return self.engine.get_persona(key)


RESULT = Service().persona("calm-medium-learning")
