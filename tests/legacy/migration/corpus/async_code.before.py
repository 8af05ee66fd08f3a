import asyncio

from persona_system import PersonaPipeline


class Service:
    async def engine(self) -> PersonaPipeline:
        return PersonaPipeline()

    async def persona(self, key):
        return (await self.engine()).get_persona(key)


RESULT = asyncio.run(Service().persona("calm-medium-learning"))
