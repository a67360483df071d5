#!/bin/sh
# Shows with strace that no file outside the repository is opened, whatever link of the
# repository leads there.
#
#   tests/consumers/links.sh TMRS
#
# strace comes from Debian; where it is missing, that is said and counted as skipped: exit
# status 1 with CONSUMERS_REQUIRED=1. Exit status 1 as well when a file was opened or shown.
set -u
tmrs=$(realpath "$1")
if ! command -v strace >/dev/null || ! strace -o /dev/null true 2>/dev/null; then
  echo "SKIP links: strace is not there, or may not trace"
  [ "${CONSUMERS_REQUIRED:-0}" = 0 ]
  exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
cases=0

# case NAME LINK COMMAND…: a repository in which LINK (a file or a folder) leads out.
case_() {
  name=$1 link=$2
  shift 2
  rm -rf "$work/repo" "$work/outside"
  mkdir -p "$work/repo" "$work/outside/deep"
  cd "$work/repo" || exit 1
  git init -q .
  printf 'tmrs: 1\nname: Shop\nelements:\n  web: {class: Server, name: Web}\n' > tm.yaml
  printf "from pytm import TM, Server\nfrom lib.helper import x\ntm = TM('Two')\ntm.threatsFile = 'lib/threats.json'\ntm.description = open('lib/data.txt').read()\nServer('S')\n" > two.py
  printf 'baseline: ci/known.json\nrules: {paths: [rules, own.yaml]}\n' > tmrs.yaml
  for file in known.json helper.py threats.json data.txt own.yaml pack.yaml m.yaml x; do
    echo 'hunter2-and-a-half' > "$work/outside/$file"
    echo 'hunter2-and-a-half' > "$work/outside/deep/$file"
  done
  mkdir -p "$(dirname "$link")"
  case $link in
    */) ln -sfn "$work/outside" "${link%/}" ;;
    *) rm -rf "$link"; ln -s "$work/outside/x" "$link" ;;
  esac
  git add -Af >/dev/null 2>&1
  git -c user.name=T -c user.email=t@example.org commit -qm Link
  strace -f -qq -e trace=open,openat,openat2,creat -o "$work/trace" "$tmrs" "$@" > "$work/said" 2>&1
  status=$?
  cases=$((cases + 1))
  if grep -q "$work/outside" "$work/trace"; then
    echo "FAIL links: $name opens $(grep -o "$work/outside[^\"]*" "$work/trace" | head -1)"
    failed=1
  fi
  # The trace must have seen the program at work.
  grep -q 'repo\|ENOENT\|O_RDONLY' "$work/trace" || { echo "FAIL links: $name: nothing was traced"; failed=1; }
  if grep -q 'hunter2' "$work/said"; then
    echo "FAIL links: $name shows what is outside"
    failed=1
  fi
  [ "$status" -le 4 ] || { echo "FAIL links: $name ends with $status"; failed=1; }
}

for link in tmrs.yaml tmrs-baseline.json ci/known.json ci/ rules/ rules/own.yaml rules/pack.yaml \
  rules/deep/ own.yaml lib/ lib/helper.py lib/threats.json lib/data.txt m.yaml models/ models/m.yaml \
  models/m.json models/m.py .gitignore models/.gitignore .gitattributes; do
  case_ "check with $link" "$link" check -v
  case_ "check with $link, by default rules" "$link" check --config /dev/null --no-baseline
  case_ "baseline update with $link" "$link" baseline update
  case_ "naming $link" "$link" check "${link%/}"
  case_ "--rules $link" "$link" check --rules "${link%/}"
  case_ "-t $link" "$link" report -t "${link%/}"
done
case_ "an output" out/ check --no-baseline --config /dev/null -o sarif=out/x.sarif
[ "$failed" = 0 ] && echo "links: $cases runs opened nothing outside"
exit "$failed"
