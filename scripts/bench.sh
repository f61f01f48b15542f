#!/usr/bin/env bash
# Measures how fast the product is, beside hledger, ledger and git, in one run.
#
#   scripts/bench.sh [--size 1k|10k|100k] [--only NAME] [--repeat N]
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
cargo build --locked --quiet --release -p commonhold-cli -p commonhold-bench
exec "$target/release/bench" "$@"
