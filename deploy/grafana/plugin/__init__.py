"""What Grafana and its data source plugins do with a dashboard's queries, as pure functions.

Grafana's browser puts the dashboard's variables into a query, the data source's backend its macros, and types
the answer as frames. This follows grafana/timestream-datasource 2.13 and Grafana's own PostgreSQL data source
as far as the dashboards here make use of them.
"""

from deploy.grafana.plugin.expand import DEFAULTS, Defaults, expand, expand_variable
from deploy.grafana.plugin.frames import Field, Frame, PluginError, frames, wide
from deploy.grafana.plugin.variables import AllValue, UnknownVariableError, Variables, chosen

__all__ = [
    "DEFAULTS",
    "AllValue",
    "Defaults",
    "Field",
    "Frame",
    "PluginError",
    "UnknownVariableError",
    "Variables",
    "chosen",
    "expand",
    "expand_variable",
    "frames",
    "wide",
]
