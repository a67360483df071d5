# What is asked of GitHub's API: whether code scanning is on, and the one comment that is kept
# up to date. Nothing here decides the result of the job. Sourced; bash 3.2 (macOS).
# shellcheck shell=bash

# api METHOD URL [FILE]: the answer into api.json; gives the HTTP status. The token goes
# through standard input, so that no list of processes shows it.
api() {
    local data=()
    [ $# -lt 3 ] || data=(--header 'Content-Type: application/json' --data-binary "@$3")
    [[ $token =~ ^[A-Za-z0-9_.=-]+$ ]] || { echo 000; return; }
    # The token goes over no open line; a service on this machine, as tests have one, is no line.
    [[ $2 = https://?* || $2 =~ ^http://127\.0\.0\.1:[0-9]+/ ]] || { echo 000; return; }
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl --config - --silent --max-time 30 --request "$1" --header 'Accept: application/vnd.github+json' \
            ${data[@]+"${data[@]}"} --output "$out/api.json" --write-out '%{http_code}' --url "$2" 2>>"$out/api.log" || true
}

# Whether code scanning is on and the token may see it: 404 means "on, and no analysis yet".
# The rest (403, no network, no token) is no reason to fail anything.
code_scanning_is_on() {
    local status
    [ -n "$token" ] || return 1
    status=$(api GET "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/code-scanning/alerts?per_page=1")
    case $status in
        200) ;;
        404) grep -q 'no analysis found' "$out/api.json" 2>/dev/null ;;
        *) return 1 ;;
    esac
}

# checkout_without_files FOLDER: makes a folder that git takes for this checkout and that holds none
# of its files, and prints it. upload-sarif computes a fingerprint from the line of each alert
# whose file it finds, and warns of every other one; ours tells apart what one line of a loop
# makes. What it asks git for, the commit and the base, it still gets.
checkout_without_files() {
    local git
    mkdir -p "$1"
    if git=$(git rev-parse --absolute-git-dir 2>/dev/null); then printf 'gitdir: %s\n' "$git" >"$1/.git"; fi
    printf '%s' "$1"
}

# keep_comment FILE: creates or updates the comment that this category has on the pull request.
keep_comment() {
    local why
    if [ -z "$EVENT_PULL_REQUEST" ]; then return; fi
    [[ $EVENT_PULL_REQUEST =~ ^[0-9]+$ ]] || return 0
    if ! command -v jq >/dev/null; then
        warn "comment: needs jq on this runner; nothing was written"
    elif [ -z "$token" ]; then
        warn "comment: needs a token; nothing was written"
    elif ! why=$(write_comment "$1"); then
        warn "comment: $why; annotations and summary say the same. It needs the permission pull-requests: write, which the token of a fork never has"
    fi
}

write_comment() {
    local body=$1 mark me id status comments="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"
    mark=$(head -n 1 "$body")
    case $mark in '<!-- tmrs:'*) ;; *) echo "the comment has no mark" && return 1 ;; esac
    me=$(own_name)
    id=$(own_comment "$mark" "$me" "$comments/$EVENT_PULL_REQUEST/comments") || {
        echo "the comments cannot be listed"
        return 1
    }
    # A pull request that never had anything to say about gets no comment.
    if [ -z "$id" ] && [ "$exit_code" = 0 ] && [ "$new" = 0 ]; then return 0; fi
    jq -Rs '{body: .}' <"$body" >"$out/comment.json"
    if [ -n "$id" ]; then
        status=$(api PATCH "$comments/comments/$id" "$out/comment.json")
    else
        status=$(api POST "$comments/$EVENT_PULL_REQUEST/comments" "$out/comment.json")
    fi
    case $status in
        200 | 201) ;;
        *) echo "GitHub answered with status $status" && return 1 ;;
    esac
}

# Who the token writes as.
own_name() {
    local name=
    printf '{"query":"{viewer{login}}"}' >"$out/viewer.json"
    if [ "$(api POST "${GITHUB_GRAPHQL_URL:-$GITHUB_API_URL/graphql}" "$out/viewer.json")" = 200 ]; then
        name=$(jq -r '.data.viewer.login // empty' "$out/api.json" 2>/dev/null) || name=
    fi
    printf '%s' "${name:-github-actions[bot]}"
}

# own_comment MARK AUTHOR URL: the id of the first comment that has both; a mark alone is
# something that anybody can write.
own_comment() {
    local page count id
    for ((page = 1; page <= 50; page++)); do
        [ "$(api GET "$3?per_page=100&page=$page")" = 200 ] || return 1
        id=$(jq -r --arg mark "$1" --arg me "$2" \
            'first(.[] | select(.user.login == $me and ((.body // "") | split("\n")[0] | rtrimstr("\r")) == $mark) | .id) // empty' \
            "$out/api.json") || return 1
        if [[ $id =~ ^[0-9]+$ ]]; then printf '%s' "$id" && return 0; fi
        count=$(jq length "$out/api.json")
        [ "$count" -eq 100 ] || return 0
    done
}
