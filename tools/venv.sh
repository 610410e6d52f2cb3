#!/bin/sh
# Makes .venv with the first Python that is new enough, or says in one line what is missing.
set -eu

# An environment whose Python was removed or replaced is made anew.
if [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null; then
    exit 0
fi

fail() {
    echo "heartrisk: $1" >&2
    exit 1
}

found=
for python in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$python
        break
    fi
done
[ -n "$found" ] || fail "needs Python 3.11 or newer, and found none on the PATH."

"$found" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "$found comes without venv. Install it, on Debian and Ubuntu: apt-get install python3-venv"

echo "heartrisk: installing into .venv with $("$found" --version); the first time takes a minute."
rm -rf .venv
"$found" -m venv .venv
