#!/bin/sh
# Gives every output to the programs that read it in real life.
#
#   tests/consumers/run.sh TMRS [OUT]
#
# TMRS is the binary, OUT a folder for outputs, tools and screenshots. Tools come
# from npm and PyPI once, and Chromium and xmllint from the system; what can't be
# had is said and counted as skipped, not as passed. Exit status 1 when something
# failed; with CONSUMERS_REQUIRED=1 also when something was skipped.
set -u
tmrs=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$here/../../target/consumers}
mkdir -p "$out"
out=$(realpath "$out")
reports=$here/../reports
export CONSUMERS="${CONSUMERS:-$out/tools}"
mkdir -p "$CONSUMERS" "$out/files"
failed=0
skipped=0

skip() {
  echo "SKIP $1"
  skipped=$((skipped + 1))
}

run() {
  "$@" || failed=$((failed + 1))
}

# Outputs of the saved reports, of one with 6,000 findings, and of every example.
python3 "$here/many.py" "$reports/typical.json" "$out/files/many.json" 6000
for report in "$reports"/*.json "$out/files/many.json"; do
  name=$(basename "$report" .json)
  [ "$report" -ef "$out/files/$name.json" ] || cp "$report" "$out/files/$name.json"
  for format in sarif markdown markdown-comment junit jenkins gitlab gitlab-sast csv html github; do
    "$tmrs" render "$report" --format "$format" > "$out/files/$name.$format"
    [ $? -le 1 ] || { echo "FAIL render $name $format"; failed=$((failed + 1)); }
  done
  "$tmrs" render "$report" --format sarif --sarif-suppressions > "$out/files/$name-suppressed.sarif"
done
root=$(cd "$here/../.." && pwd)
for example in "$root"/examples/*/; do
  name=example-$(basename "$example")
  (cd "$root" && "$tmrs" check "examples/$(basename "$example")" --no-baseline --format sarif \
    --output "json=$out/files/$name.json" --output "markdown=$out/files/$name.markdown" \
    --output "junit=$out/files/$name.junit" --output "jenkins=$out/files/$name.jenkins" --output "gitlab=$out/files/$name.gitlab" \
    --output "html=$out/files/$name.html" --output "csv=$out/files/$name.csv" > "$out/files/$name.sarif")
  case $? in
    0 | 1) ;;
    4) rm -f "$out/files/$name".* ;; # a folder of other examples, without a model
    *) echo "FAIL check $name"; failed=$((failed + 1)) ;;
  esac
done

# Reports: of every example, of saved reports, by a template.
mkdir -p "$out/reports"
for example in "$root"/examples/*/; do
  (cd "$root" && "$tmrs" report "examples/$(basename "$example")" --format html --output "$out/reports/")
  case $? in
    0 | 4) ;;
    *) echo "FAIL report $(basename "$example")"; failed=$((failed + 1)) ;;
  esac
done
for report in typical hostile; do
  "$tmrs" report --from "$reports/$report.json" --format html --output "$out/reports/"
  [ $? -ne 2 ] || { echo "FAIL report $report"; failed=$((failed + 1)); }
done
(cd "$root" && "$tmrs" report examples/comments --template tests/templates/model.md --format html \
  --output "$out/reports/template.html") || { echo "FAIL report by a template"; failed=$((failed + 1)); }

# Tools.
npm_tools=yes
if [ ! -d "$CONSUMERS/node_modules/@microsoft/sarif-multitool-linux" ] || [ ! -d "$CONSUMERS/node_modules/axe-core" ]; then
  (cd "$CONSUMERS" && npm init -y && npm install --no-audit --no-fund @microsoft/sarif-multitool marked jsdom playwright-core axe-core) \
    > "$out/npm.log" 2>&1 || npm_tools=no
fi
[ "$npm_tools" = yes ] || skip "npm cannot be reached: no multitool, no browser driver (see $out/npm.log)"
pypi_tools=yes
if [ ! -x "$CONSUMERS/venv/bin/check-jsonschema" ]; then
  (python3 -m venv "$CONSUMERS/venv" && "$CONSUMERS/venv/bin/pip" install -q check-jsonschema pyyaml regopy sarif-tools junitparser junit2html markdown-it-py linkify-it-py) \
    > "$out/pypi.log" 2>&1 || pypi_tools=no
fi
[ "$pypi_tools" = yes ] || skip "PyPI cannot be reached: no schema, SARIF, JUnit and Markdown readers (see $out/pypi.log)"
python=$CONSUMERS/venv/bin/python

# Consumers.
if [ "$npm_tools" = yes ]; then run python3 "$here/multitool.py" "$out/files"; fi
if [ "$pypi_tools" = yes ]; then
  run "$python" "$here/sarif.py" "$out/files"
  run "$python" "$here/junit.py" "$out/files"
  run "$python" "$here/gitlab.py" "$out/files"
  run "$python" "$here/gitlab_component.py" "$tmrs"
  run "$python" "$here/opa.py" "$tmrs"
  run "$python" "$here/markdown.py" "$out/files"
fi
run python3 "$here/csv_and_github.py" "$out/files"
if command -v xmllint > /dev/null; then
  for file in "$out"/files/*.junit; do
    if xmllint --noout "$file"; then echo "pass xmllint: $(basename "$file")"; else
      echo "FAIL xmllint: $(basename "$file")"; failed=$((failed + 1)); fi
  done
else skip "xmllint is not installed (apt: libxml2-utils)"; fi
if [ "$npm_tools" = yes ] && [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  run node "$here/html.mjs" "$out/files" "$out/screenshots"
  run node "$here/report.mjs" "$out/reports" "$out/screenshots"
else skip "Chromium is not installed (apt: chromium): pages were not opened"; fi
if command -v gzip > /dev/null; then
  size=$(gzip -c "$out/files/many.sarif" | wc -c)
  if [ "$size" -le 10000000 ]; then echo "pass sarif: 6,000 findings are $size bytes gzipped"; else
    echo "FAIL sarif: $size bytes gzipped"; failed=$((failed + 1)); fi
fi

echo "consumers: $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${CONSUMERS_REQUIRED:-0}" != 1 ]; }
