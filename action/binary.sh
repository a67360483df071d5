# Gets the program: TMRS_BIN, a release archive that has the known checksum, or the action's
# own source. Sets `tmrs`. Sourced; must work in bash 3.2 (macOS).
# shellcheck shell=bash

releases=https://github.com/tmrs-dev/tmrs/releases/download
# The toolchain that builds from source, whatever the checkout wants.
toolchain=1.95

find_binary() {
    if [ -n "${TMRS_BIN:-}" ]; then
        tmrs=$TMRS_BIN
        [ -x "$tmrs" ] || fail "TMRS_BIN is $(shown "$tmrs"), which is no program"
        # The working directory may change.
        case $tmrs in /* | [A-Za-z]:*) ;; *) tmrs=$PWD/$tmrs ;; esac
    elif [ "$IN_VERSION" = source ]; then
        build_from_source
    else
        from_release
    fi
}

# The name of this machine in the names of archives.
platform() {
    local system=${RUNNER_OS:-$(uname -s)} machine=${RUNNER_ARCH:-$(uname -m)}
    case $machine in
        X64 | x86_64 | amd64) machine=x86_64 ;;
        ARM64 | aarch64 | arm64) machine=aarch64 ;;
    esac
    case $system-$machine in
        # glibc 2.17 or later; a container with musl (Alpine) has its loader instead.
        Linux-x86_64 | Linux-aarch64)
            if ls /lib/ld-musl-*.so.1 >/dev/null 2>&1; then echo "$machine-unknown-linux-musl"; else echo "$machine-unknown-linux-gnu"; fi
            ;;
        macOS-x86_64 | macOS-aarch64 | Darwin-x86_64 | Darwin-aarch64) echo "$machine-apple-darwin" ;;
        Windows-x86_64 | MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
        *) return 1 ;;
    esac
}

sha256_of() {
    if command -v sha256sum >/dev/null; then sha256sum <"$1" | cut -d' ' -f1; else shasum -a 256 <"$1" | cut -d' ' -f1; fi
}

# The checksum that the action knows for an archive of its own version.
known_checksum() { sed -n "s/^\([0-9a-f]\{64\}\)  $1\$/\1/p" "$here/checksums.txt" | head -n 1; }

from_release() {
    local own version target archive checksum
    own=$(cat "$here/version.txt")
    version=$own
    if value version "$IN_VERSION"; then version=$said; fi
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
        fail "input version is $(shown "$version"): write a version such as $own, or source"
    target=$(platform) || fail "there is no release for ${RUNNER_OS:-$(uname -s)} on ${RUNNER_ARCH:-$(uname -m)}: use version: source, or set TMRS_BIN"
    archive=tmrs-$version-$target.tar.gz
    if value sha256 "$IN_SHA256"; then
        checksum=$said
        [[ $checksum =~ ^[0-9a-f]{64}$ ]] || fail "input sha256 is no SHA-256 in lower-case hexadecimal digits"
    elif [ "$version" != "$own" ]; then
        fail "version $version is not the action's own ($own): give the checksum of $archive in sha256"
    else
        checksum=$(known_checksum "${archive//./\\.}")
        [ -n "$checksum" ] || fail "this commit of the action knows no checksum of $archive, for it is not a release: \
use the action at a release tag, give version and sha256, set TMRS_BIN to an installed tmrs, or build it with version: source"
    fi
    unpack "$(cached "$version" "$archive" "$checksum")" "$version" "$checksum"
}

# cached VERSION ARCHIVE SHA256: a copy of the archive whose checksum holds, from the
# runner's tool cache or else fetched; gives its path.
cached() {
    local folder=${RUNNER_TOOL_CACHE:-$temp}/tmrs/$1/$3 fetched
    if [ -f "$folder/$2" ] && [ "$(sha256_of "$folder/$2")" = "$3" ]; then
        echo "tmrs $1 from the tool cache" >&2
        printf '%s' "$folder/$2"
        return
    fi
    fetched=$out/$2
    fetch_archive "$1" "$2" "$fetched"
    # The cache is a convenience: where it cannot be written, this run has its own copy.
    if mkdir -p "$folder" 2>/dev/null && cp "$fetched" "$folder/.$$" 2>/dev/null && mv -f "$folder/.$$" "$folder/$2"; then :; fi
    printf '%s' "$fetched"
}

# fetch_archive VERSION ARCHIVE FILE
fetch_archive() {
    local url=$releases/v$1 protocol='=https'
    if [ "$IN_DOWNLOAD_URL" != default ]; then
        url=${IN_DOWNLOAD_URL%/}
        # A service on this machine, as tests have one, is asked without encryption.
        if [[ $url =~ ^http://127\.0\.0\.1:[0-9]+(/|$) ]]; then
            protocol='=http'
        elif [[ $url != https://?* ]]; then
            echo "input download-url is no https address" >"$out/fetch.log"
            return
        fi
    fi
    if ! curl --silent --show-error --fail --location --proto "$protocol" --retry 3 --max-time 300 \
        --max-filesize 60000000 --output "$3" --url "$url/$2" 2>"$out/fetch.log"; then
        rm -f "$3"
    fi
}

# unpack ARCHIVE VERSION SHA256: checks the archive, and sets `tmrs` to the program in it.
unpack() {
    local folder=$out/program actual
    [ -f "$1" ] || fail "cannot fetch ${1##*/}: $(cat "$out/fetch.log" 2>/dev/null)"
    actual=$(sha256_of "$1")
    [ "$actual" = "$3" ] || fail "${1##*/} has the checksum $actual, and $3 was expected: it was not used"
    mkdir -p "$folder"
    # From standard input: tar takes what stands before the colon of D:/… for another machine.
    tar -xz -C "$folder" --strip-components=1 -f - <"$1" || fail "cannot unpack ${1##*/}"
    tmrs=$folder/tmrs
    [ -x "$tmrs" ] || tmrs=$folder/tmrs.exe
    [ -x "$tmrs" ] || fail "${1##*/} holds no tmrs"
    [ "$("$tmrs" --version)" = "tmrs $2" ] || fail "${1##*/} holds another version than $2"
}

# In an empty folder and with a named toolchain: no rust-toolchain.toml and no .cargo/config
# of the checkout is obeyed.
build_from_source() {
    local folder=$out/build
    command -v cargo >/dev/null || fail "version: source needs cargo on this runner"
    mkdir -p "$folder/empty"
    printf '::group::tmrs: building from source\n'
    (
        cd "$folder/empty" &&
            RUSTUP_TOOLCHAIN=$toolchain cargo build --release --locked --bin tmrs \
                --manifest-path "$here/../Cargo.toml" --target-dir "$folder/target"
    ) || fail "tmrs could not be built from source"
    printf '::endgroup::\n'
    tmrs=$folder/target/release/tmrs
    [ -x "$tmrs" ] || tmrs=$folder/target/release/tmrs.exe
}
