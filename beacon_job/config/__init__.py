"""Property groups of strings -> the settings of every stage, checked as a whole."""

from beacon_job.config.config import SERVICE_FILE, ConfigError, JobConfig, load, parse
from beacon_job.config.settings import DeadLetterSettings, SourceSettings

__all__ = [
    "SERVICE_FILE",
    "ConfigError",
    "DeadLetterSettings",
    "JobConfig",
    "SourceSettings",
    "load",
    "parse",
]
