from persona_system import PersonaPipeline

class Service:
	def persona(self, key):
		p = PersonaPipeline()
		return p.get_persona(key)	# who

RESULT = Service().persona("calm-medium-learning")
