#!/usr/bin/env bash
# The flake, as far as it goes without nixpkgs: Nix reads it and evaluates it with stand-ins, and
# what it asks the program for at the end is there. Usage: flake.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
cd "$root"
command -v nix-instantiate >/dev/null || { echo "Nix (Debian's nix-bin) is not installed: the flake was not checked" && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NIX_STATE_DIR=$work/state NIX_STORE_DIR=$work/store NIX_REMOTE=dummy://
nix-instantiate --parse flake.nix >/dev/null

# Only lazy values are asked for, so that stand-ins are enough.
cat >"$work/asked.nix" <<NIX
let
  pkgs = {
    rustPlatform.buildRustPackage = given: given;
    installShellFiles = "installShellFiles";
    lib.optionalString = holds: text: if holds then text else "";
    lib.licenses = { asl20 = "Apache-2.0"; mit = "MIT"; };
    stdenv = { buildPlatform.canExecute = other: true; hostPlatform = null; };
  };
  systems = names: of: builtins.listToAttrs (map (name: { inherit name; value = of name; }) names);
  nixpkgs = { lib.genAttrs = systems; legacyPackages = systems [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] (name: pkgs); };
  outputs = (import $root/flake.nix).outputs { self = null; inherit nixpkgs; };
  package = outputs.packages.x86_64-linux.default;
in
{
  systems = builtins.attrNames outputs.packages;
  inherit (package) pname version postInstall;
  inherit (package.meta) homepage license mainProgram;
  lock = builtins.pathExists package.cargoLock.lockFile;
}
NIX
nix-instantiate --eval --strict --json "$work/asked.nix" >"$work/said.json"
python3 - "$work/said.json" "$root" "$("$binary" --version | cut -d' ' -f2)" >"$work/install" <<'PYTHON'
import json, sys
said, root, version = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
data = json.load(open(f"{root}/packaging/package.json"))
wanted = {
    "systems": ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"],
    "pname": "tmrs-cli", "version": version, "homepage": data["homepage"],
    "license": data["licence"].split(" OR "), "mainProgram": "tmrs", "lock": True,
}
wrong = {key: said[key] for key in wanted if said[key] != wanted[key]}
if wrong:
    sys.exit(f"the flake says {wrong}")
print(said["postInstall"])
PYTHON

# The last step of the build, with the program under test in its place.
mkdir -p "$work/out/bin" "$work/build"
cp "$binary" "$work/out/bin/tmrs"
(
    cd "$work/build"
    # shellcheck disable=SC2329 # the step calls both
    installManPage() { [ -s man/tmrs-check.1 ] && [ $# -gt 10 ]; }
    # shellcheck disable=SC2329
    installShellCompletion() { [ -s tmrs.bash ] && [ -s tmrs.zsh ] && [ -s tmrs.fish ]; }
    # shellcheck disable=SC2034 # the step reads it
    out=$work/out
    # shellcheck source=/dev/null
    . "$work/install"
)
echo "Nix evaluates the flake for four systems"
