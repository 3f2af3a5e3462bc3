#!/usr/bin/env bash
# Makes .venv from requirements-dev.lock, and sees to the system packages Gouji needs.
# Does nothing where all of that is there already. With the word "samples" it also sees to what
# draws the generated samples: Chromium, LibreOffice Writer, fonts. With the word "tests" it sees
# to PostgreSQL, which the tests start themselves.
set -euo pipefail
cd "$(dirname "$0")/.."

NEEDED=(poppler-utils)
OPENCV=(libgl1 libglib2.0-0)
SAMPLES=(chromium libreoffice-writer-nogui fontconfig fonts-noto-cjk fonts-wqy-zenhei
  fonts-wqy-microhei fonts-arphic-uming fonts-arphic-ukai fonts-arphic-gbsn00lp
  fonts-arphic-gkai00mp fonts-lxgw-wenkai fonts-liberation fonts-dejavu fonts-texgyre
  fonts-urw-base35 fonts-crosextra-carlito fonts-crosextra-caladea)

say() { printf 'prepare: %s\n' "$*" >&2; }

# Install Debian packages where we may; otherwise say the one command to type, and stop.
install() {
  local command="apt-get update && apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "missing system packages; type: sudo sh -c '$command'"
    exit 1
  fi
  say "installing $*"
  if [ -z "${UPDATED:-}" ]; then
    apt-get update -qq || say "apt-get update failed; trying with the lists at hand"
    UPDATED=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
      echo "$candidate"
      return
    fi
  done
  say "no Python 3.11, 3.12 or 3.13; type: sudo apt-get install python3 python3-venv"
  exit 1
}

system_packages() {
  if ! command -v pdftoppm >/dev/null || ! command -v pdfinfo >/dev/null; then
    install "${NEEDED[@]}"
  fi
}

sample_tools() {
  local missing=() package
  for package in "${SAMPLES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" ||
      missing+=("$package")
  done
  if [ "${#missing[@]}" -gt 0 ]; then install "${missing[@]}"; fi
}

test_tools() {
  local found=(/usr/lib/postgresql/*/bin/initdb)
  if [ ! -x "${found[0]}" ] && ! command -v initdb >/dev/null; then install postgresql; fi
}

virtual_environment() {
  local python packages checkout
  python="$(find_python)"
  # What decides: the lock, the interpreter and the place; for the checkout itself, its metadata.
  packages="$("$python" -c 'import sys; print(sys.version)') $PWD $(sha256sum <requirements-dev.lock)"
  checkout="$(sha256sum <pyproject.toml)"
  if [ "$(cat .venv/packages 2>/dev/null)" != "$packages" ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then install python3-venv; fi
    say "making .venv from requirements-dev.lock (two to four minutes)"
    rm -rf .venv
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      --only-binary :all: -r requirements-dev.lock
    printf '%s' "$packages" >.venv/packages
  fi
  if [ "$(cat .venv/checkout 2>/dev/null)" != "$checkout" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
      --no-build-isolation -e .
    printf '%s' "$checkout" >.venv/checkout
  fi
}

opencv_libraries() {
  if ! .venv/bin/python -c 'import cv2' 2>/dev/null; then
    install "${OPENCV[@]}"
    .venv/bin/python -c 'import cv2'
  fi
}

system_packages
virtual_environment
opencv_libraries
case "${1:-}" in
  samples) sample_tools ;;
  tests) test_tools ;;
esac
