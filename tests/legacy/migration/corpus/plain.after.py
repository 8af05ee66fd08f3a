from persona_system import get_pipeline

pipeline = get_pipeline()
RESULT = [pipeline.router.route("frustrated-burst-seek_advice").primary_persona, pipeline.router.route("frustrated-burst-seek_advice").confidence]
