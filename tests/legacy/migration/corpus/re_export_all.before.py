from persona_system import ChatContext, PersonaPipeline

__all__ = ["ChatContext", "PersonaPipeline"]
