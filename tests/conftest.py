"""For all tests: a property may take as long as it takes; a busy machine proves nothing."""

from hypothesis import settings

settings.register_profile("beacon", settings.default, deadline=None)
settings.load_profile("beacon")
