#!/usr/bin/env bash
# Starts the window; where there is no screen, shows the same work in the terminal and the window
# as a picture. `make run` builds the programs first.
#
#   scripts/run.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail
readonly programs="$1"
readonly here="$(dirname "$0")"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
  # A profile of its own with the sample service, so that trying it out touches nothing else.
  home="$(dirname "$programs")/sample"
  [ -e "$home/book.sqlite" ] || "$programs/commonhold" --home "$home" service sample
  exec "$programs/commonhold-desktop" --home "$home"
fi

echo "There is no screen here, so this is the tour on the command line instead of the window."
tour="$(dirname "$programs")/tour"
rm -rf "$tour"
mkdir -p "$tour"
"$programs/commonhold" tour --into "$tour"

if command -v Xvfb >/dev/null && command -v WebKitWebDriver >/dev/null; then
  picture="$(dirname "$programs")/screenshots/run.png"
  node "$here/screenshot.mjs" "$programs/commonhold-desktop" "$tour/ann" "$picture"
  echo "   The window:      $picture"
fi
