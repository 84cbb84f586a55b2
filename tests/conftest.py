"""For all tests: a property may take as long as it takes; a busy machine proves nothing."""

from hypothesis import Phase, settings

settings.register_profile("beacon", settings.default, deadline=None)
# For tests/mutants.sh: that a change is noticed is enough, the smallest example of it is not asked for.
settings.register_profile(
    "mutants", settings.default, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("beacon")
