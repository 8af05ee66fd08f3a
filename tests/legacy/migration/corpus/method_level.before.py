class Service:
    def answer(self, key):
        from persona_system import get_legacy_pipeline as pipe
        return pipe().get_persona(key)


RESULT = Service().answer("calm-medium-learning")
