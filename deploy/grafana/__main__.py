"""`python -m deploy.grafana`: writes the files of dashboards and alert rules anew."""

import json
from pathlib import Path

from deploy.grafana.blog import BLOG
from deploy.grafana.dialects import DIALECTS
from deploy.grafana.pipeline import PIPELINE
from deploy.grafana.quality import QUALITY
from deploy.grafana.render import dashboard_json
from deploy.grafana.session import SESSION

HERE = Path(__file__).parent
DASHBOARDS = (QUALITY, SESSION, PIPELINE, BLOG)


def files() -> dict[Path, str]:
    """Path -> text of every file that is made of the source."""
    return {
        HERE / dialect.name / f"{dashboard.name}.json": json.dumps(
            dashboard_json(dashboard, dialect), indent=2, ensure_ascii=False
        )
        + "\n"
        for dialect in DIALECTS
        for dashboard in DASHBOARDS
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
