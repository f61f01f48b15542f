#!/usr/bin/env bash
# Feeds every decoder that sees foreign bytes with made-up ones, target after target, and stops at
# the first crash, hang or too much memory. See fuzz/README.md.
#
#   scripts/fuzz.sh [SECONDS] [TARGET…]     600 seconds a target, all targets
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-600}"
shift || true
if ! [[ "$seconds" =~ ^[0-9]+$ ]]; then
  echo "usage: scripts/fuzz.sh [SECONDS] [TARGET…]" >&2
  exit 2
fi
rustup toolchain list | grep -q '^nightly' || { echo "rustup toolchain install nightly" >&2; exit 1; }
cargo fuzz --version >/dev/null 2>&1 || { echo "cargo install cargo-fuzz" >&2; exit 1; }

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(cargo +nightly fuzz list | grep -v '^seeds$')
fi

# What is found is kept beside what was built and used again; profiles live in memory if possible.
found="${CARGO_TARGET_DIR:-$PWD/fuzz/target}/found"
memory=/tmp
[ -w /dev/shm ] && memory=/dev/shm
TMPDIR="$(mktemp -d "$memory/commonhold-fuzz.XXXXXX")"
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
# Freed memory is held back for a while to find its use; that should not count as growth. Less is
# noted down with each piece of memory: with all of it the slow targets are twice as slow.
export ASAN_OPTIONS="quarantine_size_mb=16:malloc_context_size=3:detect_stack_use_after_return=0:${ASAN_OPTIONS:-}"

# Longest input in bytes: what fits a few of the target's parts.
longest() {
  case "$1" in
    archive | receive | folder) echo 16384 ;;
    words | joining) echo 1024 ;;
    *) echo 8192 ;;
  esac
}

for target in "${targets[@]}"; do
  echo "== $target, $seconds s"
  mkdir -p "$found/$target"
  cargo +nightly fuzz run "$target" "$found/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -max_len="$(longest "$target")" -print_final_stats=1
done
echo "All targets ran without a crash."
