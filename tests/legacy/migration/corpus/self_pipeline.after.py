from persona_system import get_pipeline


class Service:
    def __init__(self):
        self.pipeline = get_pipeline()

    def persona(self, key):
        return self.pipeline.router.route(key).primary_persona

    def all(self, key):
        return {"scores": self.pipeline.router.route(key).all_scores, "second": self.pipeline.router.route(key).secondary_persona}


RESULT = [Service().persona("calm-medium-learning"), Service().all("calm-medium-learning")]
