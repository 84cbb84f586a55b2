#!/usr/bin/env bash
# Makes .venv with Python 3.11 and everything in requirements-dev.txt. Quick when nothing has changed.
# PYTHON=/path/to/python3.11 chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=3.11
venv=.venv
stamp=$venv/.installed
log=.beacon/logs/setup.log

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python$wanted python3 python; do
    if [[ -n $candidate && $(version_of "$candidate") == "$wanted" ]]; then
      echo "$candidate"
      return
    fi
  done
  local found
  found=$(version_of "${PYTHON:-python3}")
  [[ $found == none ]] && found="no Python"
  echo "found $found, needs Python $wanted (Managed Flink's own; PyFlink 1.20 has no wheels for 3.12)." \
    "Get it with 'uv python install $wanted', 'pyenv install $wanted', 'brew install python@$wanted' or" \
    "'apt-get install python$wanted python$wanted-venv', or name it: make PYTHON=/path/to/python$wanted" >&2
  return 1
}

# Shows what pip is at, every few seconds, while process $1 runs.
watch_pip() {
  local seconds=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    if ((seconds % 10 == 0)); then
      printf '  %3d s: %s\n' "$seconds" "$(grep -E '^ *(Collecting|Downloading|Building|Installing|Using)' "$log" |
        tail -n 1 | cut -c 1-90)"
    fi
  done
}

if [[ ! -f jars/beacon-job-deps.jar ]] && ! command -v mvn >/dev/null; then
  echo "Maven not found: it resolves the Kinesis connector. Install it (Debian, Ubuntu: apt-get install maven;" \
    "macOS: brew install maven) and run again." >&2
  exit 1
fi

fingerprint=$(cat requirements.txt requirements-dev.txt | cksum)
if [[ -x $venv/bin/python && -f $stamp && $(<"$stamp") == "$fingerprint" ]]; then
  exit 0
fi

mkdir -p "$(dirname "$log")"
if [[ $(version_of $venv/bin/python) != "$wanted" ]]; then
  python=$(find_python)
  rm -rf $venv
  echo "creating $venv with $("$python" --version)"
  if ! "$python" -m venv $venv >"$log" 2>&1; then
    echo "Python's venv module does not work; on Debian and Ubuntu: apt-get install python$wanted-venv" >&2
    exit 1
  fi
fi
echo "installing requirements-dev.txt into $venv: about 800 MB the first time, two to five minutes (log: $log)"
$venv/bin/python -m pip install --disable-pip-version-check --requirement requirements-dev.txt >"$log" 2>&1 &
pip=$!
trap 'kill $pip 2>/dev/null || true' EXIT
watch_pip $pip
if ! wait $pip; then
  tail -n 15 "$log" >&2
  echo "pip failed; the whole log is $log. Run the same command again: what was downloaded is kept." >&2
  exit 1
fi
echo "$fingerprint" >$stamp
