#!/usr/bin/env bash
# Starts the window; where there is no screen, shows the same work in the terminal and the window
# as a picture. `make run` builds the programs first.
#
#   scripts/run.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail
readonly programs="$1"
readonly here="$(dirname "$0")"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
  exec "$programs/commonhold-desktop"
fi

echo "There is no screen here, so this is the tour on the command line instead of the window."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
"$programs/commonhold" --home "$home" tour

if command -v Xvfb >/dev/null && command -v WebKitWebDriver >/dev/null; then
  picture="$programs/../screenshots/run.png"
  mkdir -p "$(dirname "$picture")"
  node "$here/screenshot.mjs" "$programs/commonhold-desktop" "$home" "$picture"
  echo "This is how the window shows it: $(realpath "$picture")"
fi
