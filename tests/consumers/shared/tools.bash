# Sourced by the scripts beside this folder: tools from PyPI in the virtual environment that
# .ci/run keeps. A registry that cannot be reached fails the script that needs it, and says so.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
venv=${TMRS_CI_VENV:-$root/target/ci-venv}

# pip_tools PACKAGE…: installs what is not there yet. Scripts that run side by side share the
# environment, so one installs at a time.
pip_tools() {
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv" || return 1
    local alone=()
    ! command -v flock >/dev/null || alone=(flock "$venv/pyvenv.cfg")
    "${alone[@]}" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" && return 0
    echo "PyPI cannot be reached: $* could not be installed"
    return 1
}

# absolute FILE: for programs that are called from elsewhere.
absolute() { printf '%s/%s' "$(cd "$(dirname "$1")" && pwd)" "$(basename "$1")"; }
