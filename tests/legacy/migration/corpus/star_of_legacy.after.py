from persona_system.legacy import *

RESULT = get_legacy_pipeline().router.route("calm-medium-learning").primary_persona
