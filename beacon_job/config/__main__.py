"""Print every property as the table of the README: `python -m beacon_job.config`."""

from beacon_job.config.properties import markdown, properties_for
from beacon_job.stores import DEFAULT

if __name__ == "__main__":
    print(markdown(properties_for(DEFAULT)))  # noqa: T201 - that is what it is for
