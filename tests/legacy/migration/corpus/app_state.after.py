from types import SimpleNamespace

from persona_system import get_pipeline

app = SimpleNamespace(state=SimpleNamespace())
app.state.engine = get_pipeline()
RESULT = app.state.engine.router.route("calm-medium-learning").primary_persona
