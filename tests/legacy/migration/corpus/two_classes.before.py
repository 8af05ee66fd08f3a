from persona_system import PersonaPipeline


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
        self.engine = PersonaPipeline()

    def persona(self, key):
        return self.engine.get_persona(key)


RESULT = [WithStore().persona("x"), WithPipeline().persona("calm-medium-learning")]
