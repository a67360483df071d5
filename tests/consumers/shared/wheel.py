"""A wheel that holds a program and nothing else, where only its contents matter.

    wheel.py BINARY VERSION FOLDER     for this machine; prints its name
"""

import pathlib
import platform
import sys
import zipfile


def wheel(folder, version, tag, program):
    """Writes the wheel of one platform tag; gives its path."""
    info = f"tmrs_cli-{version}.dist-info"
    tags = "".join(f"Tag: py3-none-{each}\n" for each in tag.split("."))
    path = pathlib.Path(folder, f"tmrs_cli-{version}-py3-none-{tag}.whl")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"tmrs_cli-{version}.data/scripts/tmrs")
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, pathlib.Path(program).read_bytes())
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tmrs-cli\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\n{tags}")
        archive.writestr(f"{info}/RECORD", "")
    return path


if __name__ == "__main__":
    binary, version, folder = sys.argv[1:]
    print(wheel(folder, version, f"manylinux2014_{platform.machine()}", binary).name)
