from types import SimpleNamespace

from persona_system import PersonaPipeline

app = SimpleNamespace(state=SimpleNamespace())
app.state.engine = PersonaPipeline()
RESULT = app.state.engine.get_persona("calm-medium-learning")
