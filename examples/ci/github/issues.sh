#!/usr/bin/env bash
# Keeps one GitHub issue for each open finding, found again by its key.
# Usage: issues.sh FILE, which `tmrs check --no-baseline --output issues=FILE` wrote.
# Needs gh, logged in with `issues: write`, jq, and a label `tmrs` in the repository.
set -euo pipefail
file=$1
known=$(gh issue list --label tmrs --state all --limit 5000 --json number,state,body)
numbered() {
    jq -r --arg key "<!-- $1 -->" 'map(select(.body | contains($key)))[0] | "\(.number // "") \(.state // "")"' <<<"$known"
}

while IFS= read -r issue; do
    key=$(jq -r .key <<<"$issue")
    title=$(jq -r .title <<<"$issue")
    read -r number state <<<"$(numbered "$key")"
    if [ -z "$number" ]; then
        jq -r .body <<<"$issue" | gh issue create --title "$title" --label tmrs --body-file -
        continue
    fi
    jq -r .body <<<"$issue" | gh issue edit "$number" --title "$title" --body-file -
    [ "$state" = OPEN ] || gh issue reopen "$number"
done < <(jq -c 'select(.kind == "issue")' "$file")

# What a complete run no longer finds is done; an incomplete one says nothing about the rest.
[ "$(jq -r 'select(.kind == "run").complete' "$file")" = true ] || exit 0
open=$(jq -r 'select(.kind == "issue").key' "$file")
jq -r '.[] | select(.state == "OPEN") | "\(.number) \(.body | capture("<!-- (?<key>tmrs-[0-9a-f]+) -->").key)"' <<<"$known" |
    while read -r number key; do
        grep -qxF "$key" <<<"$open" || gh issue close "$number" --comment "The threat model no longer has this threat open."
    done
