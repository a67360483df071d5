# Answers as suggestions in a review of the pull request: only on lines that its diff shows as
# they are here, and each only once. Nothing here decides the result of the job. Sourced;
# bash 3.2 (macOS).
# shellcheck shell=bash

# suggest FILE: posts what `--format github-suggestions` wrote.
suggest() {
    local why
    [[ $EVENT_PULL_REQUEST =~ ^[0-9]+$ ]] || return 0
    if ! command -v jq >/dev/null; then
        warn "suggestions: need jq on this runner; nothing was written"
    elif [ -z "$token" ]; then
        warn "suggestions: need a token; nothing was written"
    elif ! why=$(post_suggestions "$1"); then
        warn "suggestions: $why; \`tmrs questions\` says the same. They need the permission pull-requests: write, which the token of a fork never has"
    fi
}

post_suggestions() {
    local status pull="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/pulls/$EVENT_PULL_REQUEST"
    is_hash "$EVENT_PULL_REQUEST_HEAD" || { echo "the event names no head of the pull request" && return 1; }
    [ "$(jq '.suggestions | length' "$1")" != 0 ] || return 0
    every_page "$pull/files" "$out/files.json" || { echo "its files cannot be listed" && return 1; }
    every_page "$pull/comments" "$out/reviewed.json" || { echo "its review cannot be read" && return 1; }
    jq -n --arg head "$EVENT_PULL_REQUEST_HEAD" --arg me "$(own_name)" --slurpfile files "$out/files.json" \
        --slurpfile reviewed "$out/reviewed.json" --slurpfile said "$1" "$review" >"$out/review.json"
    [ "$(jq '.comments | length' "$out/review.json")" != 0 ] || return 0
    status=$(api POST "$pull/reviews" "$out/review.json")
    case $status in
        200 | 201) ;;
        *) echo "GitHub answered with status $status" && return 1 ;;
    esac
}

# every_page URL FILE: the entries of all pages of a list, one a line.
every_page() {
    local page
    : >"$2"
    for ((page = 1; page <= 30; page++)); do
        [ "$(api GET "$1?per_page=100&page=$page")" = 200 ] || return 1
        jq -c '.[]' "$out/api.json" >>"$2" || return 1
        [ "$(jq length "$out/api.json")" -eq 100 ] || return 0
    done
}

# The review: from each suggestion whose lines all are in the diff, as they are here. A mark
# counts only in a comment of our own: anybody can write one.
# shellcheck disable=SC2016 # jq's variables
review='
def lines:
    reduce (.patch // "" | split("\n"))[] as $line ({at: 0, held: {}};
        if $line | startswith("@@") then .at = ($line | capture("[+](?<at>[0-9]+)").at | tonumber)
        elif $line | test("^[+ ]") then .held[.at | tostring] = $line[1:] | .at += 1
        else . end)
    | .held;
(reduce $files[] as $file ({}; .[$file.filename] = ($file | lines))) as $diff
| [$reviewed[] | select(.user.login == $me) | (.body // "") | split("\n")[0] | rtrimstr("\r")] as $posted
| {
    commit_id: $head,
    event: "COMMENT",
    comments: ([
        $said[0].suggestions[]
        | . as $it
        | select(.mark as $mark | $posted | index([$mark]) | not)
        | select([.before | keys[] | $diff[$it.path][$it.line + . | tostring] == $it.before[.]] | all)
        | (.line + (.before | length) - 1) as $last
        | {path, body, side: "RIGHT", line: $last}
            + if $last > .line then {start_side: "RIGHT", start_line: .line} else {} end
    ]
    # Two on one line could not both be committed: the one that settles more comes first.
    | reduce .[] as $it ([]; if any(.[]; .path == $it.path and .line == $it.line) then . else . + [$it] end)
    | .[:10])
}'
