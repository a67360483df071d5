# From inputs to tmrs's arguments. Inputs come through the environment and are only ever
# words of an array; nothing here is evaluated. Sourced; must work in bash 3.2 (macOS).
# shellcheck shell=bash

# is_true NAME VALUE: true or false, and nothing else.
is_true() {
    case $2 in
        true) return 0 ;;
        false) return 1 ;;
        *) fail "input $1 is $(shown "$2"): write true or false" ;;
    esac
}

# value NAME VALUE: the value of an option that must not be empty; sets `said`.
# Not in a subshell, so that fail stops the action.
value() {
    said=
    case $2 in
        default) return 1 ;;
        '') fail "input $1 is empty: leave it out to get the default" ;;
        *) said=$2 ;;
    esac
}

# each_line VALUE COMMAND…: the command with every line that is not empty.
each_line() {
    local text=$1 line
    shift
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        [ -z "$line" ] || "$@" "$line"
    done <<<"$text"
}

add_option() { args+=("$1=$2"); }
add_path() { paths+=("$1"); }

# Sets `args` and `paths` from the inputs that are the same words for tmrs.
read_settings() {
    args=(check)
    paths=()
    if value paths "$IN_PATHS"; then each_line "$said" add_path; fi
    if value config "$IN_CONFIG"; then args+=("--config=$said"); fi
    if value policy "$IN_POLICY"; then args+=("--policy=$said"); fi
    if value fail-on "$IN_FAIL_ON"; then args+=("--fail-on=$said"); fi
    if value evidence "$IN_EVIDENCE"; then args+=("--evidence=$said"); fi
    if value entry "$IN_ENTRY"; then args+=("--entry=$said"); fi
    if value category "$IN_CATEGORY"; then args+=("--category=$said"); fi
    case $IN_BASELINE in
        default) ;;
        '') args+=(--no-baseline) ;;
        *) args+=("--baseline=$IN_BASELINE") ;;
    esac
    [ "$IN_RULES" = default ] || each_line "$IN_RULES" add_option --rules
    [ "$IN_EXCLUDE" = default ] || each_line "$IN_EXCLUDE" add_option --exclude
    if is_true strict "$IN_STRICT"; then args+=(--strict); fi
    if is_true lenient "$IN_LENIENT"; then args+=(--lenient); fi
    case $IN_ALLOW_NO_MODELS in
        # tmrs says that there is none, and `models_removed` whether there was one.
        unless-removed) ;;
        true | false) if is_true allow-no-models "$IN_ALLOW_NO_MODELS"; then args+=(--allow-no-models); fi ;;
        *) fail "input allow-no-models is $(shown "$IN_ALLOW_NO_MODELS"): write true, false or unless-removed" ;;
    esac
    annotations=false summary=false comment=false suggestions=false
    if is_true annotations "$IN_ANNOTATIONS"; then annotations=true; fi
    if is_true summary "$IN_SUMMARY"; then summary=true; fi
    if is_true comment "$IN_COMMENT"; then comment=true; fi
    if is_true suggestions "$IN_SUGGESTIONS"; then suggestions=true; fi
    case $IN_UPLOAD_SARIF in
        true | false | auto) ;;
        *) fail "input upload-sarif is $(shown "$IN_UPLOAD_SARIF"): write true, false or auto" ;;
    esac
}

# Shows what this run works with, folded.
tell_settings() {
    local word
    printf '::group::tmrs: settings\n'
    printf 'program: %s\n' "$(shown "$tmrs")"
    printf 'event: %s\n' "$(shown "${GITHUB_EVENT_NAME:-none}")"
    printf 'folder: %s\n' "$(shown "$PWD")"
    printf 'base: %s\n' "${base_reason:-none}"
    printf 'upload-sarif: %s, comment: %s, suggestions: %s, token: %s\n' \
        "$IN_UPLOAD_SARIF" "$comment" "$suggestions" "$([ -n "$token" ] && echo given || echo none)"
    printf 'arguments:\n'
    for word in "${args[@]}"; do printf -- '- %s\n' "$(shown "$word")"; done
    printf '::endgroup::\n'
}
