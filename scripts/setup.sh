#!/usr/bin/env bash
# Looks whether everything is here that a set of steps needs, and installs what can be installed.
# Says nothing when nothing is missing.
#
#   scripts/setup.sh build   what `make run` needs
#   scripts/setup.sh test    that, and what the tests check our files with
#   scripts/setup.sh bench   what `make bench` needs: no window, but the programs we compare with
#
# Exit code 3: something is missing that only the person at this machine can install.
set -euo pipefail

readonly need="${1:-build}"
readonly min_node="20.19"
readonly min_rust="1.92"

stop() {
  printf '%s\n' "$@" >&2
  exit 3
}

has() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95.0 1.92
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

packages() {
  echo build-essential pkg-config ca-certificates
  if [ "$need" = bench ]; then
    echo git fossil hledger ledger zstd
    return
  fi
  echo libwebkit2gtk-4.1-dev fonts-dejavu-core
  if [ "$need" = test ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo webkit2gtk-driver xvfb
  fi
  if [ "$need" = test ]; then
    echo age hledger ledger ledger2beancount libxml2-utils openssl python3 python3-venv unzip strace
    echo git chromium-headless-shell zstd dbus-daemon gnome-keyring
  fi
}

missing_packages() {
  local package
  for package in $(packages); do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done
}

install_packages() {
  local missing as_root=()
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  local line="apt-get install -y --no-install-recommends ${missing% }"
  if [ "$(id -u)" != 0 ]; then
    has sudo && sudo -n true 2>/dev/null ||
      stop "These packages are missing. Install them with:" "  sudo $line"
    as_root=(sudo -n)
  fi
  echo "Installing: $missing"
  "${as_root[@]}" apt-get -qq update || true
  # shellcheck disable=SC2086 # the words of the line are the arguments
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null ||
    stop "The packages could not be installed. The line was:" "  $line"
}

system_libraries() {
  if has apt-get && has dpkg-query; then
    install_packages
  elif [ "$(uname -s)" = Linux ] && [ "$need" != bench ] &&
    ! pkg-config --exists webkit2gtk-4.1 2>/dev/null; then
    stop "A C compiler, pkg-config and the development files of WebKitGTK 4.1 are needed." \
      "On Debian and Ubuntu these are: $(packages | tr '\n' ' ')" \
      "On Fedora: gcc pkgconf webkit2gtk4.1-devel. On Arch: base-devel webkit2gtk-4.1."
  fi
}

node_and_npm() {
  local found
  found=$(node --version 2>/dev/null || true)
  [ -n "$found" ] && has npm || stop \
    "Node.js $min_node or newer with npm is needed to build the window's pages, and is missing." \
    "Install it from https://nodejs.org (Debian 12's own Node.js 18 is too old)."
  at_least "${found#v}" "$min_node" || stop \
    "Node.js here is ${found#v}; $min_node or newer is needed to build the window's pages." \
    "Install a newer one from https://nodejs.org (Debian 12's own Node.js 18 is too old)."
}

rust() {
  local found
  found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)
  [ -n "$found" ] && has cargo || stop \
    "Rust $min_rust or newer is needed, and is missing." \
    "Install it from https://rustup.rs (Debian 12's own Rust 1.63 is too old)."
  at_least "$found" "$min_rust" || stop \
    "Rust here is $found; $min_rust or newer is needed." \
    "Update with “rustup update stable”, or install it from https://rustup.rs."
}

# Other people's validators and a WebDAV server, for the tests. They live outside the checkout and
# are installed once.
checks() {
  local wanted="bagit==1.9.0 frictionless==5.21.0 beancount==3.2.3
    roc-validator==0.13.0 rocrate==0.16.0 sepaxml==2.7.0
    wsgidav==4.4.0 cheroot==11.1.2
    feedparser==6.0.14 check-jsonschema==0.39.0"
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/commonhold/venv-checks"
  local stamp="$folder/installed"
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  echo "Installing the validators of the tests into $folder"
  rm -rf "$folder"
  local python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -m venv "$folder" ||
    stop "Python 3.10 or newer with its venv module is needed for the tests."
  # shellcheck disable=SC2086 # each word is one package
  "$folder/bin/pip" install --quiet --disable-pip-version-check $wanted ||
    stop "The validators could not be installed; is there a network?"
  printf '%s' "$wanted" >"$stamp"
}

# What judges the public page in Node.js: HTML and accessibility. Installed once, as the lock file
# says, outside the checkout.
page_checks() {
  local from folder="${XDG_CACHE_HOME:-$HOME/.cache}/commonhold/pages-checks"
  from="$(dirname "$0")/pages"
  ! cmp -s "$from/package-lock.json" "$folder/installed-from" || return 0
  echo "Installing the judges of the public page into $folder"
  mkdir -p "$folder"
  cp "$from/package.json" "$from/package-lock.json" "$folder/"
  (cd "$folder" && npm ci --silent --no-audit --no-fund) ||
    stop "The judges of the public page could not be installed; is there a network?"
  cp "$from/package-lock.json" "$folder/installed-from"
}

case "$need" in
  build | test | bench) ;;
  *) echo "Use: scripts/setup.sh build|test|bench" >&2 && exit 2 ;;
esac
system_libraries
[ "$need" = bench ] || node_and_npm
rust
[ "$need" != test ] || { checks && page_checks; }
