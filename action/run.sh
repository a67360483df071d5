#!/usr/bin/env bash
# The action: settings, program, base, one run of tmrs, then everything that is made of its
# outputs. The last step of action.yml turns the exit status into the result of the job.
set -euo pipefail

# From here on only in this shell: nothing that is started has the token in its environment,
# but the one call that needs it.
token=${IN_TOKEN:-}
unset IN_TOKEN

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/say.sh
. "$here/say.sh"
# shellcheck source=action/settings.sh
. "$here/settings.sh"
# shellcheck source=action/binary.sh
. "$here/binary.sh"
# shellcheck source=action/base.sh
. "$here/base.sh"
# shellcheck source=action/github.sh
. "$here/github.sh"
# shellcheck source=action/suggest.sh
. "$here/suggest.sh"

# native PATH: as programs on this system write it, Windows with forward slashes.
native() { if command -v cygpath >/dev/null; then cygpath -m "$1"; else printf '%s' "$1"; fi; }

temp=$(native "${RUNNER_TEMP:-${TMPDIR:-/tmp}}")
out=$(mktemp -d "$temp/tmrs.XXXXXXXX")

find_binary
if value working-directory "$IN_WORKING_DIRECTORY"; then
    cd -- "$said" 2>/dev/null || fail "input working-directory is $(shown "$said"), which is no folder"
fi
read_settings
find_base

sarif=$out/tmrs.sarif
if value sarif "$IN_SARIF"; then
    case $said in /* | [A-Za-z]:[/\\]*) sarif=$said ;; *) sarif=$(native "$PWD")/$said ;; esac
fi
json=$out/tmrs.json

[ -z "$base" ] || args+=("--since=$base")
[ -z "$policy_base" ] || args+=("--policy-from=$policy_base")
if $annotations; then args+=(--format=github "--output=human=$out/tmrs.txt"); else args+=(--format=human); fi
args+=("--output=json=$json" "--output=sarif=$sarif" "--output=github-output=$out/counts")
if $summary && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then args+=(--output=github-summary); fi
if $comment; then args+=("--output=markdown-comment=$out/comment.md"); fi
if $suggestions; then args+=("--output=github-suggestions=$out/suggestions.json"); fi
[ ${#paths[@]} -eq 0 ] || args+=(-- "${paths[@]}")
tell_settings

exit_code=0
MSYS2_ARG_CONV_EXCL='*' "$tmrs" "${args[@]}" >"$out/stdout" 2>"$out/stderr" || exit_code=$?
if $annotations; then
    printf '::group::tmrs: report\n'
    verbatim "$out/tmrs.txt"
    printf '::endgroup::\n'
    cat "$out/stdout"
else
    verbatim "$out/stdout"
fi
verbatim "$out/stderr"

# With unless-removed, no model is a failure only where the base had one: CHG14 says so.
if [ "$exit_code" = 4 ] && [ "$IN_ALLOW_NO_MODELS" = unless-removed ] && [ -f "$json" ]; then
    if grep -q '"rule": *"CHG14"' "$json"; then
        printf '::error title=tmrs::the last model was removed; allow-no-models: true if that is meant\n'
    else
        echo "There is no model here, and the base had none."
        exit_code=0
    fi
fi

# The verdict and counts, as far as anything was judged.
new=0
verdict='nothing judged'
if [ -f "$out/counts" ]; then
    while IFS='=' read -r name number; do
        if [ "$name" = verdict ] && [[ $number =~ ^[a-z\ ]+$ ]]; then verdict=$number; fi
        [[ $name =~ ^(new|open|fixed|gone|accepted)$ && $number =~ ^[0-9]+$ ]] || continue
        output "$name" "$number"
        if [ "$name" = new ]; then new=$number; fi
    done <"$out/counts"
    output json-file "$json"
    output sarif-file "$sarif"
    output checkout-path "$(checkout_without_files "$out/checkout")"
fi
output verdict "$verdict"
output exit-code "$exit_code"

case $exit_code in
    0 | 1) ;;
    3) warn "incomplete: not every model could be read and judged, so nothing is uploaded to code scanning" ;;
    4) printf '::error title=tmrs::nothing judged: no model was found; allow-no-models: true if there need not be one\n' ;;
    *) printf '::error title=tmrs::nothing judged: the log says why (exit status %s)\n' "$exit_code" ;;
esac

if $comment && [ -s "$out/comment.md" ]; then keep_comment "$out/comment.md"; fi
if $suggestions && [ -s "$out/suggestions.json" ]; then suggest "$out/suggestions.json"; fi

# An incomplete or empty SARIF file would close alerts that are still true.
upload=false
case $exit_code in
    0 | 1)
        if [ "$IN_UPLOAD_SARIF" = true ]; then
            upload=true
        elif [ "$IN_UPLOAD_SARIF" = auto ]; then
            if code_scanning_is_on; then upload=true; else echo "Code scanning is not on here, or the token may not use it: nothing is uploaded."; fi
        fi
        ;;
esac
output upload "$upload"
