from persona_system import PersonaPipeline


class Service:
    def __init__(self):
        self.pipeline = PersonaPipeline()

    def persona(self, key):
        return self.pipeline.get_persona(key)

    def all(self, key):
        return {"scores": self.pipeline.get_all_scores(key), "second": self.pipeline.get_secondary_persona(key)}


RESULT = [Service().persona("calm-medium-learning"), Service().all("calm-medium-learning")]
