import asyncio

from persona_system import get_pipeline, NewPersonaPipeline


class Service:
    async def engine(self) -> NewPersonaPipeline:
        return get_pipeline()

    async def persona(self, key):
        return (await self.engine()).router.route(key).primary_persona


RESULT = asyncio.run(Service().persona("calm-medium-learning"))
