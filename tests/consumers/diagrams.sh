#!/bin/bash
# Gives diagrams to the programs that draw them: Graphviz, PlantUML, Mermaid.
#
#   tests/consumers/diagrams.sh [TMRS]      (default: target/debug/tmrs)
#
# Draws every example, every model of tests/models and 200 made-up models with
# hostile names, and checks that each program accepts each file and finds as many
# nodes, flows and boundaries in it as the JSON report has. Needs Debian's
# graphviz, plantuml, nodejs and npm; Mermaid comes from npm (MERMAID may name a
# folder where mermaid and jsdom are installed).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tmrs=$(realpath "${1:-$root/target/debug/tmrs}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

modules=${MERMAID:-$work/npm}
if [ ! -d "$modules/node_modules/mermaid" ]; then
    mkdir -p "$modules"
    (cd "$modules" && npm install --no-audit --no-fund --silent mermaid@11 jsdom@26)
fi

echo "models"
node "$here/diagrams-hostile.mjs" "$work/models" 200
cp -r "$root/examples" "$work/models/examples"
cp -r "$root/tests/models" "$work/models/tests"
# One folder, one file a model: names may be equal in different files.
(cd "$work/models" && git init -q . && git add -A)
find "$work/models" -name '*.yaml' -o -name '*.json' -o -name '*.py' | sort > "$work/files"

echo "drawing"
mkdir -p "$work/drawn"
count=0
while read -r file; do
    count=$((count + 1))
    out="$work/drawn/$(printf %04d $count)"
    printf '%s' "${file#"$work/models/"}" > "$out.path"
    # Helper files are no models (exit 3), unread parts are told (exit 3), none is 4.
    "$tmrs" check "$file" --format json --no-default-rules --allow-no-rules > "$out.json" 2> /dev/null || true
    for kind in "dfd dot" "dfd mermaid" "seq plantuml" "seq mermaid"; do
        set -- $kind
        "$tmrs" "$1" "$file" --format "$2" --output "$out/" 2> /dev/null || [ $? -ge 3 ]
    done
done < "$work/files"

echo "Graphviz"
find "$work/drawn" -name '*.dot' | sort | while read -r file; do
    timeout 60 dot -Tjson0 "$file" -o "$file.json" 2> "$file.complaints" || { cat "$file" "$file.complaints"; exit 1; }
    if [ -s "$file.complaints" ]; then cat "$file" "$file.complaints"; exit 1; fi
done

echo "PlantUML"
# `-failfast2` looks at every file first and ends with an error for a wrong one.
find "$work/drawn" -name '*.puml' -print0 | xargs -0 plantuml -charset UTF-8 -failfast2 -checkonly

echo "Mermaid"
MODULES="$modules" node "$here/diagrams-check.mjs" "$work/drawn"
