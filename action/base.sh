# What a run compares with: sets `base` (for --since) and `policy_base` (for --policy-from) to
# commits that are here, or to nothing. A plain actions/checkout has one commit; what is
# missing is fetched. Sourced; must work in bash 3.2 (macOS).
# shellcheck shell=bash

is_hash() { [[ $1 =~ ^[0-9a-f]{40}([0-9a-f]{24})?$ && ! $1 =~ ^0+$ ]]; }

# quiet_git ARGUMENT…: git that never asks, and never follows a replacement.
quiet_git() { GIT_TERMINAL_PROMPT=0 GIT_NO_REPLACE_OBJECTS=1 git "$@" 2>>"$out/git.log"; }

has_commit() { quiet_git cat-file -e "$1^{commit}"; }
is_shallow() { [ "$(quiet_git rev-parse --is-shallow-repository)" = true ]; }

# The parents that the checked-out commit names, also where they are not here.
parents() { quiet_git cat-file commit HEAD | sed -n '/^$/q; s/^parent //p'; }

# git_fetch ARGUMENT…: with what the checkout left behind, else with the token.
git_fetch() {
    quiet_git fetch --quiet --no-tags --no-recurse-submodules "$@" && return 0
    [[ -n $token && ${GITHUB_SERVER_URL:-} == https://* ]] || return 1
    # Through the environment, so that no list of processes shows it, after what the caller
    # said there; in a subshell, so that nothing else sees it.
    (
        count=${GIT_CONFIG_COUNT:-0}
        [[ $count =~ ^[0-9]{1,6}$ ]] || exit 1
        export GIT_CONFIG_COUNT=$((10#$count + 1))
        export "GIT_CONFIG_KEY_$((10#$count))=http.$GITHUB_SERVER_URL/.extraheader"
        export "GIT_CONFIG_VALUE_$((10#$count))=AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
        quiet_git fetch --quiet --no-tags --no-recurse-submodules "$@"
    )
}

# connected COMMIT: whether it and HEAD have a common ancestor that is here.
connected() { has_commit "$1" && quiet_git merge-base "$1" HEAD >/dev/null; }

# connect COMMIT: fetches as much history as it takes, in three steps.
connect() {
    local depth head
    connected "$1" && return 0
    head=$(quiet_git rev-parse HEAD) || return 1
    for depth in 50 1000; do
        git_fetch "--depth=$depth" origin "$head" "$1" || return 1
        connected "$1" && return 0
    done
    if is_shallow; then git_fetch --unshallow origin "$head" "$1" || return 1; fi
    connected "$1"
}

# The base of a pull request: what the checked-out merge commit was merged into.
pull_request_base() {
    local all first second
    all=$(parents)
    first=$(sed -n 1p <<<"$all")
    second=$(sed -n 2p <<<"$all")
    if [ -n "$second" ] && [ "$second" = "$EVENT_PULL_REQUEST_HEAD" ] && is_hash "$first"; then
        base=$first
        base_reason="$base, the first parent of the checked-out merge commit"
        connected "$base" || git_fetch --depth=2 origin "$(quiet_git rev-parse HEAD)" || true
    else
        base=$EVENT_PULL_REQUEST_BASE
        base_reason="$base, the base of the pull request"
        is_hash "$base" || fail "the event names no base of the pull request"
        connect "$base" || true
    fi
    connected "$base" || missing_base
    policy_base=$base
}

missing_base() {
    fail "the base $base is not in this clone and cannot be fetched: use actions/checkout with fetch-depth: 0, \
or set since to compare with something else ($(tail -n 1 "$out/git.log" 2>/dev/null))"
}

push_base() {
    base=$EVENT_BEFORE
    if ! is_hash "$base"; then
        base='' base_reason='none: a new branch, compared with the baseline alone'
    elif connect "$base"; then
        base_reason="$base, the state before the push"
    else
        # Less is known, so more counts as new: nothing slips through.
        warn "the state before the push ($base) cannot be fetched: compared with the baseline alone"
        base='' base_reason='none: the state before the push cannot be fetched'
    fi
}

find_base() {
    base='' policy_base='' base_reason='none: compared with the baseline alone'
    case ${GITHUB_EVENT_NAME:-} in
        pull_request | merge_group)
            quiet_git rev-parse --git-dir >/dev/null ||
                fail "there is no git repository here that git may read: run actions/checkout first ($(tail -n 1 "$out/git.log"))"
            ;;
    esac
    case ${GITHUB_EVENT_NAME:-} in
        pull_request) pull_request_base ;;
        # With the rights of the repository, and started by whoever likes to.
        pull_request_target | workflow_run | issue_comment | issues | discussion | discussion_comment | \
            check_run | check_suite | status | fork | watch | gollum)
            refuse_foreign_head
            ;;
        merge_group)
            base=$EVENT_MERGE_GROUP_BASE policy_base=$EVENT_MERGE_GROUP_BASE
            base_reason="$base, the base of the merge group"
            is_hash "$base" || fail "the event names no base of the merge group"
            connect "$base" || missing_base
            ;;
        push) if quiet_git rev-parse --git-dir >/dev/null; then push_base; fi ;;
    esac
    case $IN_SINCE in
        auto) ;;
        '') base='' base_reason="none: since is empty" ;;
        *) base=$IN_SINCE base_reason="$(shown "$IN_SINCE"), by input since" ;;
    esac
}

# Some events have the rights of the repository whoever starts them: whatever a stranger wrote
# must not be what the run works on, neither as another commit nor as files over this one.
refuse_foreign_head() {
    local event=$GITHUB_EVENT_NAME head laid
    head=$(quiet_git rev-parse HEAD) || fail "there is no commit here: run actions/checkout first"
    if [ "$head" != "${GITHUB_SHA:-}" ] &&
        ! [[ $event = pull_request_target && $head = "$EVENT_PULL_REQUEST_BASE" ]]; then
        fail "$event with another commit than the base's checked out gives the rights of this \
repository to whoever wrote that commit: use the event pull_request"
    fi
    # By an index made here: one that was laid over may tell git to pass over files. What is not
    # there was not laid over: a sparse checkout has not all. Ignored files too: what was laid
    # over may hold a .gitignore.
    laid=$(
        export GIT_INDEX_FILE="$out/index"
        quiet_git read-tree HEAD &&
            quiet_git -c core.fsmonitor=false -c core.quotePath=true status --porcelain --untracked-files=all --ignored \
                --ignore-submodules=none
    ) || fail "git cannot tell whether the files here are those of the commit"
    laid=$(sed '/^ D /d' <<<"$laid")
    if [ -n "$laid" ]; then
        fail "$event with files laid over the base's gives the rights of this repository to whoever wrote \
them: $(shown "$(head -n 1 <<<"$laid")"); use the event pull_request, or unpack artifacts outside the repository"
    fi
    base_reason="none: $event judges the base itself"
}
