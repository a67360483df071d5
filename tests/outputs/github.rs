//! Annotations as a GitHub runner reads them.

use tmrs::report::{Evidence, FindingInfo, Report};

use super::{emit, fixture, reports};

/// A command: the word, its properties, its message.
type Command = (String, Vec<(String, String)>, String);

/// The commands of an output, unescaped as the runner does it.
fn commands(text: &str) -> Vec<Command> {
    text.lines()
        .filter_map(|line| line.strip_prefix("::"))
        .map(|line| {
            let (head, message) = line.split_once("::").unwrap();
            let (word, properties) = head.split_once(' ').unwrap_or((head, ""));
            let properties = properties
                .split(',')
                .filter_map(|p| p.split_once('='))
                .map(|(k, v)| (k.to_owned(), unescape(v)))
                .collect();
            (word.to_owned(), properties, unescape(message))
        })
        .collect()
}

fn unescape(text: &str) -> String {
    text.replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
}

fn levels(report: &Report) -> [usize; 3] {
    let commands = commands(&emit("github", report));
    ["error", "warning", "notice"].map(|level| commands.iter().filter(|c| c.0 == level).count())
}

#[test]
fn no_line_is_a_command_that_was_not_meant() {
    for (name, report) in reports() {
        let text = emit("github", &report);
        for (word, _, _) in commands(&text) {
            assert!(
                ["error", "warning", "notice"].contains(&word.as_str()),
                "{name}: {word}"
            );
        }
        assert!(!text.lines().any(|line| line.starts_with("##[")), "{name}");
    }
    assert_eq!(levels(&fixture::hostile()), levels(&fixture::typical()));
}

#[test]
fn the_nine_worst_of_a_level_and_one_line_for_the_rest() {
    let mut many = fixture::many(600);
    for (n, finding) in many.findings.iter_mut().enumerate() {
        // What helps is another thing for each rule.
        finding.rule = format!("XX{}", n % 40).into();
        finding.deciding.clear();
    }
    let text = emit("github", &fixture::finish(many));
    let commands = commands(&text);
    for level in ["error", "warning", "notice"] {
        assert!(commands.iter().filter(|c| c.0 == level).count() <= 10);
    }
    let errors: Vec<_> = commands.iter().filter(|c| c.0 == "error").collect();
    assert_eq!(errors.len(), 10);
    assert!(errors[0].1.iter().any(|(k, _)| k == "title"));
    assert!(errors[0].2.contains("critical"), "{:?}", errors[0]);
    assert!(errors[9].2.contains("more"));
}

#[test]
fn one_thing_to_do_is_one_annotation_with_its_question_and_the_line_to_write() {
    let report = fixture::typical();
    let commands = commands(&emit("github", &report));
    let asked = |c: &&Command| {
        let title = c.1.iter().find(|(key, _)| key == "title");
        title.is_some_and(|(_, title)| title.contains("“orders” check who is calling?"))
    };
    let about_orders: Vec<&Command> = commands.iter().filter(asked).collect();
    assert_eq!(about_orders.len(), 1, "{commands:?}");
    let message = &about_orders[0].2;
    assert!(message.contains("“yes” settles 3 threats"), "{message}");
    assert!(
        message.ends_with("→ if “yes”, write: web.controls.authenticatesSource = True"),
        "{message}"
    );
}

#[test]
fn an_annotation_of_many_threats_says_how_many_it_does_not_name() {
    let mut report = fixture::typical();
    let assumed =
        |f: &&FindingInfo| *f.element.name == *"orders" && f.evidence == Evidence::Assumed;
    let like = report.findings.iter().find(assumed).unwrap().clone();
    report.findings = (10..45)
        .map(|number| FindingInfo {
            rule: format!("XX{number}").into(),
            title: format!("threat {number}").into(),
            ..like.clone()
        })
        .collect();
    let commands = commands(&emit("github", &report));
    let message = &commands.iter().find(|c| c.2.contains("XX10")).unwrap().2;
    assert!(message.contains("settles 35 threats"), "{message}");
    assert!(message.contains("XX15 and 29 more rules"), "{message}");
}

#[test]
fn an_annotation_points_at_the_declaration() {
    let commands = commands(&emit("github", &fixture::typical()));
    let store = commands.iter().find(|c| c.2.contains(" DS01 ")).unwrap();
    let property = |key: &str| store.1.iter().find(|(k, _)| k == key).unwrap().1.clone();
    assert_eq!(store.0, "error");
    assert_eq!(property("file"), "services/shop/tm.py");
    assert_eq!(
        (property("line"), property("col")),
        ("12".into(), "1".into())
    );
}

#[test]
fn what_later_steps_read_is_small_and_on_one_line_each() {
    for (name, report) in reports()
        .into_iter()
        .chain([("many", fixture::many(6_000))])
    {
        let text = emit("github-output", &report);
        assert!(text.len() < 100_000, "{name}: a job's outputs have 1 MB");
        for line in text.lines() {
            let (key, value) = line.split_once('=').unwrap();
            assert!(
                key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{name}: {line}"
            );
            assert!(!value.contains(char::is_control), "{name}: {line}");
        }
    }
}
