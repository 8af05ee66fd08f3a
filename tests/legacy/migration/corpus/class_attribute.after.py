from persona_system import get_pipeline, NewPersonaPipeline


class Service:
    engine: NewPersonaPipeline = get_pipeline()

    def persona(self, key):
        return self.engine.router.route(key).primary_persona


RESULT = Service().persona("calm-medium-learning")
