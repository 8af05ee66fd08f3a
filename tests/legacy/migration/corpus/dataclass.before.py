from dataclasses import dataclass, field

from persona_system import PersonaPipeline


@dataclass
class Service:
    engine: PersonaPipeline = field(default_factory=PersonaPipeline)

    def persona(self, key: str) -> str:
        return self.engine.get_persona(key)


RESULT = Service().persona("calm-medium-learning")
