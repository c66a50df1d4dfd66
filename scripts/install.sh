#!/usr/bin/env bash
# Makes .venv (the desk, its infrastructure, its tests) and .venv-cloud (the AWS emulator) from the locked requirements.
# Run by make when a lock has changed; needs Python 3.13 and nothing else. One clear line when something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$*" >&2; exit 1; }

is_313() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in python3.13 python3 python "$HOME"/.pyenv/versions/3.13*/bin/python3.13; do
    if command -v "$candidate" >/dev/null && is_313 "$candidate"; then
      "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
      return
    fi
  done
  if command -v uv >/dev/null && candidate=$(uv python find 3.13 2>/dev/null) && is_313 "$candidate"; then
    echo "$candidate"
    return
  fi
  fail "Python 3.13 is missing: install python3.13 with its venv module (Debian: apt install python3 python3-venv)."
}

# An environment with pip, for the first installation of uv.
make_venv() {
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear "$1"
  elif command -v uv >/dev/null; then
    uv venv --quiet --clear --seed --python "$python" "$1"
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv --clear "$1"
  else
    fail "Python's venv module is missing: apt install python3-venv"
  fi
}

python=$(find_python)
root=$PWD

if ! is_313 .venv/bin/python; then
  echo "Making .venv with $("$python" --version)"
  make_venv .venv
fi
if [ ! -x .venv/bin/uv ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
fi
# uv may be replaced while it runs: a copy does the work.
cp -f .venv/bin/uv .venv/bin/uv-at-work
trap 'rm -f "$root/.venv/bin/uv-at-work"' EXIT
uv=.venv/bin/uv-at-work

echo "Installing the locked packages"
"$uv" pip sync --quiet --require-hashes --python .venv/bin/python requirements/dev.txt
if ! is_313 .venv-cloud/bin/python; then
  "$uv" venv --quiet --clear --python "$python" .venv-cloud
fi
"$uv" pip sync --quiet --require-hashes --python .venv-cloud/bin/python requirements/cloud.txt

# The checkout itself, without a build: its folder on the path, and the command of pyproject.toml's [project.scripts].
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
rm -f "$packages"/__editable__*helpdesk* "$packages"/helpdesk.pth
echo "$root" > "$packages/helpdesk.pth"
cat > .venv/bin/helpdesk <<SCRIPT
#!$root/.venv/bin/python
import sys

from helpdesk.cli import main

sys.exit(main())
SCRIPT
chmod +x .venv/bin/helpdesk
touch .venv/.installed
