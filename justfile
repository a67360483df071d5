# What people run here. `just ready` is what CI runs.

# Everything CI does.
ready:
    .ci/run

# The tests that need nothing but cargo.
test:
    cargo test --locked

# Every test, also those that need pytm, python3 or root.
test-all:
    scripts/test-all

# Formats, lints, documents.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# Rewrites everything generated: schemas, rule reference, comparison, snapshots of outputs.
bless:
    TMRS_BLESS=1 INSTA_UPDATE=always cargo test --locked

# Regenerates pytm's answers for the test models (needs PyPI).
goldens:
    scripts/goldens

# Fuzzes one target, or all in turn (needs a nightly toolchain and cargo-fuzz).
fuzz TARGET="" SECONDS="60":
    scripts/fuzz --seconds {{SECONDS}} {{TARGET}}

# Inputs that grow, each held to 10 s and 1 GB.
grow:
    cargo build --release --locked
    scripts/grow
