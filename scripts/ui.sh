#!/usr/bin/env bash
# The window's pages: `install` fetches what package-lock.json names, `build` makes ui/dist.
# Both do nothing when nothing has changed since.
set -euo pipefail
cd "$(dirname "$0")/../ui"

install() {
  local stamp=node_modules/.installed-from
  cmp -s package-lock.json "$stamp" && return
  echo "Fetching the libraries of the window's pages"
  npm ci --silent --no-audit --no-fund
  cp package-lock.json "$stamp"
}

build() {
  local newer
  if [ -f dist/index.html ]; then
    newer=$(find src index.html ./*.json ./*.ts ./*.js -newer dist/index.html -print -quit)
    [ -n "$newer" ] || return 0
  fi
  npm run --silent build -- --logLevel warn
}

case "${1:-}" in
  install | build) "$1" ;;
  *) echo "Use: scripts/ui.sh install|build" >&2 && exit 2 ;;
esac
