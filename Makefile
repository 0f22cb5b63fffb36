# What people type. Each target installs the Debian packages it needs first (tests/prerequisites says which and why).

# The test clock and the failpoints are compiled in only here; packaged binaries are built without.
switches := --features settlement-agent/test-clock,settlement-agent/failpoints
output := $(or $(CARGO_TARGET_DIR),target)
binary := $(output)/release/settlement-agent

.PHONY: build install demo test bench lint fmt

build:
	tests/prerequisites build
	cargo build --release --package settlement-agent

# The files at their places below DESTDIR. A configuration that is already there stays.
install:
	install -D --mode=755 $(binary) $(DESTDIR)/usr/bin/settlement-agent
	install -D --mode=644 --target-directory=$(DESTDIR)/usr/lib/systemd/system systemd/*.service systemd/*.socket
	install -D --mode=644 systemd/sysusers.conf $(DESTDIR)/usr/lib/sysusers.d/settlement-agent.conf
	install -D --mode=644 systemd/tmpfiles.conf $(DESTDIR)/usr/lib/tmpfiles.d/settlement-agent.conf
	install -D --mode=644 systemd/polkit.rules $(DESTDIR)/usr/share/polkit-1/rules.d/settlement-agent.rules
	install -D --mode=644 systemd/settlement-agent.desktop $(DESTDIR)/usr/share/applications/settlement-agent.desktop
	install -D --mode=644 agent/src/doors/page/assets/icon.svg $(DESTDIR)/usr/share/icons/hicolor/scalable/apps/settlement-agent.svg
	install -D --mode=644 systemd/chromium-policy.json $(DESTDIR)/usr/share/doc/settlement-agent/chromium-policy.json
	test -e $(DESTDIR)/etc/settlement-agent/settlement-agent.toml || \
		install -D --mode=644 systemd/settlement-agent.toml $(DESTDIR)/etc/settlement-agent/settlement-agent.toml

demo:
	tests/prerequisites demo
	cargo build --workspace --bins
	$(output)/debug/demo

# The binary as it is packaged is kept beside the one for tests: agent/tests/test_switches.rs compares the two.
# --workspace throughout, so that dependencies are compiled once; the private network of the last line reaches no registry.
# What is tried at random is the same each time: a change is judged by its own faults. `cargo test` alone draws anew.
test: export PROPTEST_RNG_SEED = 20250812
test:
	tests/prerequisites test
	cargo build --workspace --bin settlement-agent
	mkdir -p $(output)/packaged
	cp --force $(output)/debug/settlement-agent $(output)/packaged/
	cargo build --workspace --bins --tests $(switches)
	tests/in-namespace cargo test --offline --workspace --no-fail-fast $(switches)

bench:
	tests/prerequisites bench
	tests/bench

lint:
	tests/prerequisites build
	cargo fmt --all --check
	cargo clippy --workspace --all-targets $(switches) -- -D warnings
	cargo clippy --workspace --bins -- -D warnings

fmt:
	cargo fmt --all
