//! Nothing outside the repository is read or shown (docs/semantics.md §0): links at every place where
//! a repository can name a file, and files of the command line that are something else.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Repo, Run, run};
use crate::outputs::whole::as_somebody;

/// Stands in every file that nobody may see.
const SECRET: &str = "hunter2-and-a-half";

const MODEL: &str = "tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web}
flows:
  order: {source: user, sink: web, name: Order}
";

const PYTHON: &str = "from pytm import TM, Server, Actor, Dataflow
tm = TM('Desk')
a, b = Actor('Clerk'), Server('Desk')
Dataflow(a, b, 'Asks')
";

/// What a file that holds credentials may look like.
const SECRETS: [(&str, &str); 4] = [
    ("plain", "hunter2-and-a-half\nuser:hunter2-and-a-half\n"),
    (
        "yaml",
        "password: hunter2-and-a-half\nhunter2-and-a-half: [\n",
    ),
    (
        "json",
        "{\"id\": \"hunter2-and-a-half\", \"private_key\": \"hunter2-and-a-half\"}\n",
    ),
    (
        "python",
        "PASSWORD = 'hunter2-and-a-half'\nhunter2-and-a-half\n",
    ),
];

/// A place where a repository names a file: where the link stands, and what names it.
struct Place {
    what: &'static str,
    /// The link, or a file below it if `folder`.
    path: &'static str,
    /// Files beside it.
    beside: &'static [(&'static str, &'static str)],
}

const PLACES: &[Place] = &[
    Place {
        what: "the usual baseline",
        path: "tmrs-baseline.json",
        beside: &[],
    },
    Place {
        what: "a baseline of the configuration",
        path: "ci/known.json",
        beside: &[("tmrs.yaml", "baseline: ci/known.json\n")],
    },
    Place {
        what: "the configuration",
        path: "tmrs.yaml",
        beside: &[],
    },
    Place {
        what: "a rule file",
        path: "rules/own.yaml",
        beside: &[("tmrs.yaml", "rules: {paths: [rules/own.yaml]}\n")],
    },
    Place {
        what: "a file in a folder of rules",
        path: "rules/deep/own.yaml",
        beside: &[("tmrs.yaml", "rules: {paths: [rules]}\n")],
    },
    Place {
        what: "a pytm threat file",
        path: "rules/own.json",
        beside: &[("tmrs.yaml", "rules: {paths: [rules/own.json]}\n")],
    },
    Place {
        what: "threats in Python",
        path: "rules/own.py",
        beside: &[("tmrs.yaml", "rules: {paths: [rules/own.py]}\n")],
    },
    Place {
        what: "a description of a pack",
        path: "rules/pack.yaml",
        beside: &[("tmrs.yaml", "rules: {paths: [rules]}\n")],
    },
    Place {
        what: "a native model",
        path: "models/other.yaml",
        beside: &[],
    },
    Place {
        what: "a model in JSON",
        path: "models/other.json",
        beside: &[],
    },
    Place {
        what: "a model in Python",
        path: "models/other.py",
        beside: &[],
    },
    Place {
        what: "a module of a model",
        path: "lib/helper.py",
        beside: &[(
            "tm2.py",
            "from pytm import TM, Server\nfrom lib.helper import x\ntm = TM('Two')\nServer('S')\n",
        )],
    },
    Place {
        what: "a file that a model opens",
        path: "lib/data.json",
        beside: &[(
            "tm2.py",
            "import json\nfrom pytm import TM, Server\ntm = TM('Two')\nfor n in json.load(open('lib/data.json')):\n    Server(n)\n",
        )],
    },
    Place {
        what: "text that a model opens",
        path: "lib/data.txt",
        beside: &[(
            "tm2.py",
            "from pytm import TM, Server\ntm = TM('Two')\ntm.description = open('lib/data.txt').read()\nServer('S')\n",
        )],
    },
    Place {
        what: "rules of a model in Python",
        path: "lib/threats.json",
        beside: &[(
            "tm2.py",
            "from pytm import TM, Server\ntm = TM('Two')\ntm.threatsFile = 'lib/threats.json'\nServer('S')\n",
        )],
    },
    Place {
        what: "rules of a native model",
        path: "lib/threats.json",
        beside: &[(
            "two.yaml",
            "tmrs: 1\nname: Two\nthreatsFile: lib/threats.json\nelements:\n  s: {class: Server, name: S}\n",
        )],
    },
    Place {
        what: "what is ignored",
        path: ".gitignore",
        beside: &[],
    },
    Place {
        what: "what is ignored below",
        path: "models/.gitignore",
        beside: &[],
    },
    Place {
        what: "attributes of git",
        path: ".gitattributes",
        beside: &[],
    },
    Place {
        what: "a template",
        path: "docs/report.md",
        beside: &[],
    },
];

/// How a link leads out.
#[derive(Clone, Copy, Debug)]
enum Way {
    Absolute,
    Relative,
    /// Through another link of the repository.
    Chain,
    /// The folder is the link.
    Folder,
    /// A folder on the way of a relative link is one.
    Nested,
}

const WAYS: [Way; 5] = [
    Way::Absolute,
    Way::Relative,
    Way::Chain,
    Way::Folder,
    Way::Nested,
];

/// A repository in a folder of which only `repo` is the repository's.
struct World {
    repo: Repo,
    outside: tempfile::TempDir,
}

fn link(from: &Path, to: &Path) {
    std::fs::create_dir_all(from.parent().unwrap()).unwrap();
    symlink(to, from).unwrap();
}

/// Puts a link at a place; `None` where that way is none there.
fn world(place: &Place, way: Way, secret: &str) -> Option<World> {
    let repo = Repo::with(&[("tm.yaml", MODEL), ("desk.py", PYTHON)]);
    let outside = tempfile::tempdir_in(repo.root().parent().unwrap()).unwrap();
    let name = place.path.rsplit('/').next().unwrap();
    let target = outside.path().canonicalize().unwrap().join(name);
    std::fs::write(&target, secret).unwrap();
    for (path, text) in place.beside {
        repo.write(path, text);
    }
    let from = repo.path(place.path);
    let up = "../".repeat(place.path.matches('/').count() + 1);
    let folder = outside.path().file_name().unwrap().to_str().unwrap();
    let relative = PathBuf::from(format!("{up}{folder}/{name}"));
    match way {
        Way::Absolute => link(&from, &target),
        Way::Relative => link(&from, &relative),
        Way::Chain => {
            link(&repo.path("hop/one"), Path::new("two"));
            link(&repo.path("hop/two"), &target);
            let up = "../".repeat(place.path.matches('/').count());
            link(&from, Path::new(&format!("{up}hop/one")));
        }
        Way::Folder => {
            place.path.contains('/').then_some(())?;
            link(from.parent().unwrap(), target.parent().unwrap());
        }
        Way::Nested => {
            link(&repo.path("hop"), target.parent().unwrap());
            let up = "../".repeat(place.path.matches('/').count());
            link(&from, Path::new(&format!("{up}hop/{name}")));
        }
    }
    repo.git(&["add", "-Af"]);
    repo.git(&["commit", "-qm", "Link"]);
    Some(World { repo, outside })
}

/// Everything that a run says or writes.
fn everything(run: &Run, repo: &Repo) -> String {
    let mut text = format!("{}{}", run.out, run.err);
    for written in [
        "o.sarif", "o.json", "o.md", "o.html", "o.csv", "o.xml", "o.txt",
    ] {
        text.push_str(&std::fs::read_to_string(repo.path(written)).unwrap_or_default());
    }
    text
}

const OUTPUTS: [&str; 14] = [
    "-o",
    "sarif=o.sarif",
    "-o",
    "json=o.json",
    "-o",
    "markdown=o.md",
    "-o",
    "html=o.html",
    "-o",
    "csv=o.csv",
    "-o",
    "junit=o.xml",
    "-o",
    "human=o.txt",
];

#[test]
fn no_byte_of_an_outside_file_is_shown_whatever_link_leads_there() {
    for (at, place) in PLACES.iter().enumerate() {
        for (turn, way) in WAYS.into_iter().enumerate() {
            let (form, secret) = SECRETS[(at + turn) % SECRETS.len()];
            let Some(world) = world(place, way, secret) else {
                continue;
            };
            let check = [&["check", "-v", "--format", "github"][..], &OUTPUTS].concat();
            let folder = place
                .path
                .rsplit_once('/')
                .map_or(".", |(folder, _)| folder);
            let commands: [&[&str]; 7] = [
                &check,
                &["check", place.path],
                &["check", folder],
                &["baseline", "update"],
                &["report", "-t", place.path],
                &["rules", "lint", place.path],
                &["check", "--policy", place.path, "--baseline", place.path],
            ];
            let is_thorough = matches!(way, Way::Absolute | Way::Folder);
            for command in commands.into_iter().take(if is_thorough { 7 } else { 1 }) {
                let run = world.repo.tmrs(command);
                let said = everything(&run, &world.repo);
                let case = format!("{} by {way:?} to {form}: {command:?}", place.what);
                assert!(!said.contains(SECRET), "{case}\n{said}");
                assert!((0..=4).contains(&run.code), "{case} ends with {}", run.code);
            }
            let left: Vec<_> = std::fs::read_dir(world.outside.path()).unwrap().collect();
            assert_eq!(left.len(), 1, "{}: written outside: {left:?}", place.what);
        }
    }
}

#[test]
fn a_link_that_stays_in_the_repository_is_followed() {
    let repo = Repo::with(&[
        ("real/m.yaml", MODEL),
        ("real/base.json", ""),
        (
            "real/own.yaml",
            "id: OWN-1\ntitle: Own\ntarget: Server\nseverity: low\nwhen: 'True'\n",
        ),
        (
            "tmrs.yaml",
            "baseline: base.json\nrules: {paths: [rules]}\npaths: {include: [m.yaml]}\n",
        ),
    ]);
    repo.remove("real/base.json");
    link(&repo.path("m.yaml"), Path::new("real/m.yaml"));
    link(&repo.path("rules"), Path::new("hop"));
    link(&repo.path("hop"), Path::new("more"));
    repo.write("more/list.yaml", &repo.read("real/own.yaml"));
    repo.commit("Links");
    let update = repo.tmrs(&["baseline", "update"]);
    assert_eq!(update.code, 0, "{}", update.err);
    link(&repo.path("here.json"), Path::new("base.json"));
    repo.edit("tmrs.yaml", "base.json", "here.json")
        .commit("Link");
    let report = repo.report(&[]);
    assert_eq!(report["models"].as_array().unwrap().len(), 1, "{report}");
    let own = crate::harness::findings(&report, "baselined");
    assert!(own.iter().any(|line| line.contains("OWN-1")), "{own:?}");
}

#[test]
fn a_link_to_what_git_does_not_track_shows_no_text() {
    for (form, secret) in SECRETS {
        for path in [
            "tmrs-baseline.json",
            "tmrs.yaml",
            "rules/own.yaml",
            "m2.yaml",
        ] {
            let repo = Repo::with(&[("tm.yaml", MODEL), (".gitignore", "private\n")]);
            repo.write("private/x", secret);
            let up = if path.contains('/') { "../" } else { "" };
            link(&repo.path(path), Path::new(&format!("{up}private/x")));
            repo.commit("Link");
            for command in [
                &["check", "-v"][..],
                &["check", path],
                &["check", "--rules", path],
                &["check", "--policy", path],
                &["check", "--baseline", path],
            ] {
                let run = repo.tmrs(command);
                let said = format!("{}{}", run.out, run.err);
                assert!(
                    !said.contains(SECRET),
                    "{path} to {form}: {command:?}\n{said}"
                );
            }
        }
    }
}

#[test]
fn of_a_file_that_is_something_else_only_the_position_is_shown() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    let folder = tempfile::tempdir().unwrap();
    for (form, secret) in SECRETS {
        for ending in ["txt", "yaml", "json", "py"] {
            let path = folder.path().join(format!("{form}.{ending}"));
            std::fs::write(&path, secret).unwrap();
            let path = path.to_str().unwrap();
            for command in [
                &["check", "--rules", path][..],
                &["check", "--policy", path],
                &["check", "--config", path],
                &["check", "--baseline", path],
                &["rules", "lint", path],
                &["rules", "test", path],
                &["render", path],
                &["diff", path, path],
            ] {
                let run = repo.tmrs(command);
                let said = format!("{}{}", run.out, run.err);
                assert!([2, 3].contains(&run.code), "{command:?}\n{said}");
                assert!(!said.contains(SECRET), "{command:?}\n{said}");
            }
        }
    }
}

#[test]
fn what_never_ends_is_refused_at_once() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    let pipe = repo.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for path in ["/dev/zero", "pipe"] {
        for command in [
            &["check", "--rules", path][..],
            &["check", "--policy", path],
            &["check", "--config", path],
            &["check", "--baseline", path],
            &["report", "-t", path],
            &["check", path],
        ] {
            let run = repo.tmrs(command);
            assert!([2, 3].contains(&run.code), "{command:?}: {run:?}");
        }
    }
}

#[test]
fn nothing_is_written_through_a_link_that_leads_out() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    let outside = tempfile::tempdir().unwrap();
    link(&repo.path("out"), outside.path());
    link(&repo.path("report.md"), &outside.path().join("report.md"));
    std::fs::write(outside.path().join("report.md"), "theirs").unwrap();
    repo.write("tmrs.yaml", "baseline: out/known.json\n")
        .commit("Links");
    for command in [
        &["check", "--no-baseline", "-o", "sarif=out/x.sarif"][..],
        &["check", "--no-baseline", "-o", "sarif=out/deep/../x.sarif"],
        &["check", "--no-baseline", "-o", "report.md"],
        &["dfd", "-o", "out/x.dot"],
        &["dfd", "-o", "out/new/"],
        &["report", "-o", "out/"],
        &["baseline", "update"],
        &["baseline", "update", "--baseline", "out/b.json"],
    ] {
        let run = repo.tmrs(command);
        assert_eq!(run.code, 2, "{command:?}: {run:?}");
        assert!(
            run.err.contains("leads out of the"),
            "{command:?}: {}",
            run.err
        );
    }
    let left: Vec<_> = std::fs::read_dir(outside.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let theirs = std::fs::read_to_string(outside.path().join("report.md"));
    assert_eq!(theirs.unwrap(), "theirs");
}

#[test]
fn a_path_that_became_a_link_is_held_against_what_stood_there() {
    let bad = MODEL.replace("name: Web}", "name: Web, controls: {isHardened: true}}");
    for is_folder in [true, false] {
        let repo = Repo::with(&[("svc/m.yaml", &bad), ("ok/m.yaml", MODEL)]);
        repo.git(&["checkout", "-q", "-b", "pr"]);
        repo.git(&["mv", "svc", "moved"]);
        let path = if is_folder {
            link(&repo.path("svc"), Path::new("ok"));
            "svc"
        } else {
            link(&repo.path("svc/m.yaml"), Path::new("../ok/m.yaml"));
            "svc/m.yaml"
        };
        repo.commit("Link");
        let report = repo.report(&[path, "--since", "main"]);
        // What the base had there and is gone, or what it had there and is said no more.
        let said = crate::harness::findings(&report, "new");
        let expected = if is_folder { "CHG" } else { "HARD01" };
        assert!(
            said.iter().any(|line| line.contains(expected)),
            "{path}: {said:?}"
        );
    }
    // A link that was one before is judged as what it led to before.
    let repo = Repo::with(&[("old/m.yaml", &bad), ("ok/m.yaml", MODEL)]);
    link(&repo.path("svc"), Path::new("old"));
    repo.commit("Link").git(&["checkout", "-q", "-b", "pr"]);
    repo.remove("svc");
    link(&repo.path("svc"), Path::new("ok"));
    repo.git(&["rm", "-qr", "old"]);
    repo.commit("Another");
    let report = repo.report(&["svc", "--since", "main"]);
    let said = crate::harness::findings(&report, "new");
    assert!(said.iter().any(|line| line.contains("CHG")), "{said:?}");
}

#[test]
fn a_folder_that_cannot_be_listed_is_named_and_the_rest_is_judged() {
    use std::os::unix::fs::PermissionsExt as _;
    // Without git, which asks who owns a repository.
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(folder.path(), 0o755);
    std::fs::write(folder.path().join("tm.yaml"), MODEL).unwrap();
    std::fs::create_dir(&closed).unwrap();
    std::fs::write(closed.join("x.yaml"), MODEL).unwrap();
    mode(&closed, 0o000);
    let with = as_somebody(&closed);
    let check = || {
        let mut words = with.iter().copied().chain([env!("CARGO_BIN_EXE_tmrs")]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(["check", "--format", "json"]);
        run(command.current_dir(folder.path()))
    };
    let judged = check();
    std::fs::write(
        folder.path().join("tmrs.yaml"),
        "paths: {exclude: ['closed/**']}\n",
    )
    .unwrap();
    let excluded = check();
    mode(&closed, 0o755);
    assert_eq!(judged.code, 3, "{}", judged.err);
    assert!(
        judged.out.contains("folder closed cannot be listed"),
        "{}",
        judged.out
    );
    assert!(judged.out.contains("\"Shop\""), "{}", judged.out);
    assert!(excluded.code < 2, "{}", excluded.out);
}
