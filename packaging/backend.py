"""How pip builds tmrs from this repository, and so how pre-commit installs the hook `tmrs`.

At a release it takes that release's wheel, if it has the checksum committed in
action/checksums.txt: that needs neither cargo nor minutes. Anywhere else, and where
TMRS_BUILD=source is set, maturin builds it with cargo. TMRS_DOWNLOAD_URL names a mirror.
"""

import hashlib
import os
import pathlib
import platform
import re
import sys
import urllib.request

import maturin
from maturin import build_sdist, get_requires_for_build_sdist  # noqa: F401 (the hooks of pip)

ROOT = pathlib.Path(__file__).resolve().parents[1]
RELEASES = "https://github.com/tmrs-dev/tmrs/releases/download"
LARGEST = 60_000_000


def platform_tag():
    """What the wheel for this machine has in its name; None where there is none."""
    machine = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}.get(
        platform.machine().lower()
    )
    if sys.maxsize < 2**32 or machine is None:
        return None
    if sys.platform == "linux":
        musl = any(pathlib.Path("/lib").glob("ld-musl-*.so.1"))
        return f"{'musllinux' if musl else 'manylinux'}[a-z0-9_.]*_{machine}"
    if sys.platform == "darwin":
        return "macosx_[0-9_]*_" + machine.replace("aarch64", "arm64")
    return "win_amd64" if sys.platform == "win32" and machine == "x86_64" else None


def released():
    """Name and checksum of the release's wheel for this machine, where this is a release."""
    tag, checksums = platform_tag(), ROOT / "action" / "checksums.txt"
    if os.environ.get("TMRS_BUILD") == "source" or tag is None or not checksums.is_file():
        return None
    line = re.compile(r"(?m)^([0-9a-f]{64})  (tmrs_cli-[0-9A-Za-z.]+-py3-none-%s[a-z0-9_.]*\.whl)$" % tag)
    found = line.search(checksums.read_text())
    return found and (found[2], found[1])


def fetch(name):
    """The file of that name in the release; None, and a reason on stderr, where it cannot be had."""
    version = (ROOT / "action" / "version.txt").read_text().strip()
    url = os.environ.get("TMRS_DOWNLOAD_URL", f"{RELEASES}/v{version}").rstrip("/") + "/" + name
    # A service on this machine, as tests have one, is asked without encryption.
    if not re.match(r"https://.|http://127\.0\.0\.1:[0-9]+(/|$)", url):
        sys.exit(f"TMRS_DOWNLOAD_URL is no https address: {url}")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read(LARGEST)
    except OSError as error:
        print(f"{url} cannot be fetched ({error}): building from source", file=sys.stderr)
        return None


def get_requires_for_build_wheel(config_settings=None):
    return [] if released() else maturin.get_requires_for_build_wheel(config_settings)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    wheel = released()
    content = wheel and fetch(wheel[0])
    if not content:
        return maturin.build_wheel(wheel_directory, config_settings, metadata_directory)
    name, expected = wheel
    actual = hashlib.sha256(content).hexdigest()
    if actual != expected:
        sys.exit(f"{name} has the checksum {actual}, and {expected} was expected: it was not used")
    (pathlib.Path(wheel_directory) / name).write_bytes(content)
    return name
