class Service:
    def answer(self, key):
        from persona_system import get_pipeline as pipe
        return pipe().router.route(key).primary_persona


RESULT = Service().answer("calm-medium-learning")
