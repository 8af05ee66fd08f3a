from persona_system import get_pipeline


class Store:
    def get_persona(self, key):
        return "stored " + key


class WithStore:
    def __init__(self):
        self.engine = Store()

    def persona(self, key):
        return self.engine.get_persona(key)


class WithPipeline:
    def __init__(self):
        self.engine = get_pipeline()

    def persona(self, key):
        return self.engine.router.route(key).primary_persona


RESULT = [WithStore().persona("x"), WithPipeline().persona("calm-medium-learning")]
