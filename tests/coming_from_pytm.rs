//! The table that tells pytm's users where their flags went: complete, and every
//! command in it works.

use std::fs;
use std::process::Command;

use crate::shared::root;

/// The flags of pytm 1.4.0's argument parser, and those of its early release.
const FLAGS: [&str; 13] = [
    "--help",
    "--debug",
    "--dfd",
    "--report",
    "--exclude",
    "--seq",
    "--list",
    "--colormap",
    "--describe",
    "--list-elements",
    "--json",
    "--levels",
    "--stale_days",
];

fn rows() -> Vec<(String, Option<String>)> {
    let text = fs::read_to_string(root().join("docs/coming-from-pytm.md")).unwrap();
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let command = cells[2].trim_matches('`');
            (
                cells[1].to_owned(),
                command.starts_with("tmrs ").then(|| command.to_owned()),
            )
        })
        .collect()
}

#[test]
fn every_flag_of_pytm_has_a_row() {
    let rows = rows();
    for flag in FLAGS {
        let named = |cell: &str| cell.split(['`', ' ', ',']).any(|word| word == flag);
        assert!(
            rows.iter().any(|(cell, _)| named(cell)),
            "{flag} has no row"
        );
    }
}

#[test]
fn every_command_of_the_table_works() {
    let mut run = 0;
    for (flag, command) in rows() {
        let Some(command) = command else { continue };
        let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_tmrs"))
            .current_dir(root())
            .args(&arguments)
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        let code = output.status.code();
        // `check` may find threats; everything else must simply do it.
        let fine = code == Some(0) || (arguments[0] == "check" && code == Some(1));
        assert!(
            fine,
            "{flag}: `{command}` ended with {code:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            !output.stdout.is_empty(),
            "{flag}: `{command}` printed nothing"
        );
        run += 1;
    }
    assert!(run >= 10, "only {run} commands were run");
}
