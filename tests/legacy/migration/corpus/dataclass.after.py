from dataclasses import dataclass, field

from persona_system import NewPersonaPipeline


@dataclass
class Service:
    engine: NewPersonaPipeline = field(default_factory=NewPersonaPipeline)

    def persona(self, key: str) -> str:
        return self.engine.router.route(key).primary_persona


RESULT = Service().persona("calm-medium-learning")
