//! Where a command takes models, shells offer files that can hold one, and folders. What
//! `clap_complete` knows of such an argument is only that it is a path.

use clap::Command;
use clap_complete::Shell;

use crate::discover::ENDINGS;

/// Adds to the script of a shell what it offers for models. Elvish and PowerShell go on to
/// offer every file.
pub(super) fn offer(shell: Shell, command: &Command, script: Vec<u8>) -> Vec<u8> {
    let mut commands = Vec::new();
    that_take_models(command, "", &mut commands);
    let more = match shell {
        Shell::Zsh => return to_zsh(&script),
        Shell::Bash => to_bash(&commands),
        Shell::Fish => commands.iter().map(|words| to_fish(words)).collect(),
        _ => String::new(),
    };
    [script, more.into_bytes()].concat()
}

/// The commands below one that take models as they stand, each with those above it.
fn that_take_models(command: &Command, above: &str, found: &mut Vec<String>) {
    for below in command.get_subcommands() {
        let name = format!("{above}{}", below.get_name());
        let mut arguments = below.get_positionals();
        if arguments.any(|argument| {
            argument
                .get_help()
                .is_some_and(|help| is_models(&help.to_string()))
        }) {
            found.push(name.clone());
        }
        that_take_models(below, &format!("{name} "), found);
    }
}

/// Whether the help of an argument for paths speaks of models.
fn is_models(help: &str) -> bool {
    ["Models", "Native models", "Only models"]
        .iter()
        .any(|start| help.starts_with(start))
}

fn to_bash(commands: &[String]) -> String {
    let patterns: Vec<String> = commands
        .iter()
        .map(|words| format!("\"{words} \"*"))
        .collect();
    format!(
        r#"
_tmrs_models() {{
    _tmrs "$@"
    local cur="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" file
    case "${{COMP_WORDS[*]:1:COMP_CWORD-1}} " in
        {}) ;;
        *) return 0 ;;
    esac
    if [[ ${{cur}} == -* || ${{before}} == -* ]]; then return 0; fi
    compopt -o filenames 2>/dev/null
    COMPREPLY=()
    while IFS= read -r file; do
        if [[ -d ${{file}} || ${{file}} =~ \.({})$ ]]; then COMPREPLY+=("${{file}}"); fi
    done < <(compgen -f -- "${{cur}}")
}}
complete -F _tmrs_models -o bashdefault -o default tmrs
"#,
        patterns.join(" | "),
        ENDINGS.join("|"),
    )
}

fn to_fish(words: &str) -> String {
    let (command, below) = words.split_once(' ').unwrap_or((words, ""));
    let mut when = format!("__fish_tmrs_using_subcommand {command}");
    if !below.is_empty() {
        when.push_str(&format!("; and __fish_seen_subcommand_from {below}"));
    }
    let endings = ENDINGS.map(|ending| format!(".{ending}")).join(" ");
    format!("complete -c tmrs -n \"{when}\" -f -a '(__fish_complete_suffix {endings})'\n")
}

/// Zsh has one line an argument, which ends in what it offers.
fn to_zsh(script: &[u8]) -> Vec<u8> {
    let models = format!(":_files -g \"*.({})(-.)\"'", ENDINGS.join("|"));
    let script = String::from_utf8_lossy(script);
    let lines = script.split_inclusive('\n').map(|line| {
        let help = line.strip_prefix("'*::paths -- ");
        if help.is_some_and(is_models) {
            line.replace(":_files'", &models)
        } else {
            line.to_owned()
        }
    });
    lines.collect::<String>().into_bytes()
}
