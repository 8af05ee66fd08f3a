from persona_system import get_pipeline

class Service:
	def persona(self, key):
		p = get_pipeline()
		return p.router.route(key).primary_persona	# who

RESULT = Service().persona("calm-medium-learning")
