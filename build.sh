#!/usr/bin/env bash
# Builds dist/beacon-job-<version>.zip for Managed Service for Apache Flink (FLINK-1_20) and checks it.
# The same input gives the same bytes. A second build needs no network.
set -euo pipefail
cd "$(dirname "$0")"

local/setup.sh
zip=$(.venv/bin/python -m deploy.package)
.venv/bin/python -m deploy.preflight "$zip" --properties application_properties.json
