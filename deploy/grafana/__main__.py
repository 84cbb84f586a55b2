"""`python -m deploy.grafana`: writes the files of dashboards and alert rules anew."""

import json
from pathlib import Path

import yaml

from deploy.grafana.alerts import alerts
from deploy.grafana.blog import BLOG
from deploy.grafana.dialects import DIALECTS
from deploy.grafana.managed_flink import managed_flink
from deploy.grafana.panels import Json
from deploy.grafana.pipeline import PIPELINE
from deploy.grafana.quality import QUALITY
from deploy.grafana.render import dashboard_json
from deploy.grafana.session import SESSION

HERE = Path(__file__).parent
DASHBOARDS = (QUALITY, SESSION, PIPELINE, BLOG)


def files() -> dict[Path, str]:
    """Path -> text of every file that is made of the source."""
    made = {HERE / "cloudwatch/managed-flink.json": _text(managed_flink())}
    for dialect in DIALECTS:
        folder = HERE / dialect.name
        for dashboard in DASHBOARDS:
            made[folder / f"{dashboard.name}.json"] = _text(dashboard_json(dashboard, dialect))
        rules = yaml.safe_dump(alerts(dialect), sort_keys=False, allow_unicode=True, width=110)
        made[folder / "provisioning/alerting/beacon.yaml"] = rules
    return made


def _text(dashboard: Json) -> str:
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
