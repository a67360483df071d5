# What the action says, and how: workflow commands with escaped text, other people's text
# where no workflow command can come out of it. Sourced; must work in bash 3.2 (macOS).
# shellcheck shell=bash

# escaped TEXT: as the data of a workflow command.
escaped() {
    local text=$1
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '%s' "${text//$'\n'/%0A}"
}

warn() { printf '::warning title=tmrs::%s\n' "$(escaped "$1")"; }

# fail TEXT: says why nothing was judged, and stops with tmrs's status for wrong usage.
fail() {
    printf '::error title=tmrs::%s\n' "$(escaped "$1")"
    exit 2
}

# shown TEXT: on one line, without anything that a terminal or the runner would obey.
shown() {
    local text
    text=$(printf '%q' "$1")
    # The old form of commands, which the runner still obeys anywhere in a line.
    printf '%s' "${text//'##['/# #[}"
}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# verbatim FILE: prints a file that may hold anything.
verbatim() {
    [ -s "$1" ] || return 0
    local word
    word=$(random)
    printf '::stop-commands::%s\n' "$word"
    sed 's/##\[/# #[/g' "$1"
    printf '\n::%s::\n' "$word"
}

# output NAME VALUE: an output of the step; the value may have any number of lines.
output() {
    local word
    word=$(random)
    printf '%s<<%s\n%s\n%s\n' "$1" "$word" "$2" "$word" >>"$GITHUB_OUTPUT"
}
