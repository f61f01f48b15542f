# What a person does with this repository. `make` alone lists it.
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

SEEDS ?= 1000

.PHONY: help run test simulate bench fmt lint package clean pages
help:
	@echo "make run      build everything and open the window"
	@echo "make test     every check and test, the real window included"
	@echo "make simulate  many devices over bad places (SEEDS=1000, or SEED=4711 for one)"
	@echo "make bench    how fast it is"
	@echo "make fmt      format the Rust code"
	@echo "make lint     the checks without the tests"
	@echo "make package  .deb and .rpm"
	@echo "make clean    remove what was built"

run:
	@scripts/setup.sh build
	@scripts/ui.sh install
	@scripts/ui.sh build
	cargo build --locked --workspace
	@scripts/run.sh "$(TARGET)/debug"

# Quick checks first; the programs are built before the tests that start them, and with the same
# libraries as the tests, so that none is compiled twice.
test:
	@scripts/setup.sh test
	cargo fmt --all --check
	@scripts/ui.sh install
	cd ui && npm run --silent check
	cd ui && npm test --silent
	@scripts/ui.sh build
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo build --locked --workspace --all-targets
	cargo test --locked --workspace --no-fail-fast
	@git diff --exit-code --stat -- ui/src/generated || { echo "Commit the types that changed above."; exit 1; }

lint: pages
	cargo fmt --all --check
	cd ui && npm run --silent check
	cargo clippy --locked --workspace --all-targets -- -D warnings

simulate:
	@scripts/setup.sh bench
	cargo run --locked -q -p commonhold-simulator -- $(if $(SEED),--seed $(SEED) --trace,--seeds $(SEEDS))

# The window has no part in it, so that only what is measured is built.
bench:
	@scripts/setup.sh bench
	cargo build --locked --release -p commonhold-bench -p commonhold-cli -p commonhold-relay
	"$(TARGET)/release/bench"

fmt:
	cargo fmt --all

package: pages
	cd src-tauri && npx --yes @tauri-apps/cli@2.12.5 build

pages:
	@scripts/setup.sh build
	@scripts/ui.sh install
	@scripts/ui.sh build

clean:
	cargo clean
	rm -rf ui/dist ui/node_modules src-tauri/gen src-tauri/permissions
