//! What of each kind of source stands in the model.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tmrs::inventory::{self, Found};
use tmrs::notice::{Notice, Severity};
use tmrs::source::{RepoPath, Source};

use super::{begun, listed, origins};
use crate::harness::{Repo, fed};

/// The sources that we wrote for this, each with the table of what it says.
const SOURCES: &[&str] = &[
    "compose.yaml",
    "manifests.yaml",
    "plan.json",
    "azure.json",
    "google.json",
    "openapi.yaml",
    "workflow.yaml",
];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

#[test]
fn elements_flows_boundaries_and_facts_are_those_of_the_source_each_with_its_line() {
    for name in SOURCES {
        let repo = begun(&[(name, &text(name))]);
        let found = listed(&repo);
        let path = folder().join(format!("{name}.txt"));
        if std::env::var_os("TMRS_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let table = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, table, "{name}");
    }
}

#[test]
fn an_object_of_kubernetes_that_stands_twice_is_one_element() {
    let manifests = text("manifests.yaml");
    let twice = format!("{manifests}\n---\n{manifests}");
    let repo = begun(&[("manifests.yaml", &twice)]);
    let table = fs::read_to_string(folder().join("manifests.yaml.txt")).unwrap();
    assert_eq!(listed(&repo), table);
}

/// What stands on the line that a value comes from, whatever the code thinks of it.
#[test]
fn what_only_an_overlay_changes_is_told_and_is_no_element() {
    let base = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{image: a}]}}}\n";
    let overlay =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 3}\n";
    let repo = Repo::with(&[("base.yaml", base), ("overlay.yaml", overlay)]);
    let run = repo.tmrs(&["init", "--from", "base.yaml", "--from", "overlay.yaml"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.err
            .contains("the Deployment `api` says of no pod what runs in it")
            && run.err.contains("overlay.yaml:3:12"),
        "{run:?}"
    );
    let model = repo.read("threat-model.yaml");
    assert!(model.contains("web") && !model.contains("api:"), "{model}");
    // What changes another counts after it, whichever file comes first.
    let change = overlay.replace("name: api", "name: web");
    let repo = Repo::with(&[("a.yaml", &change), ("b.yaml", base)]);
    let run = repo.tmrs(&["init", "--from", "a.yaml", "--from", "b.yaml"]);
    assert!(run.err.contains("what b.yaml:3 says counts"), "{run:?}");
    assert!(listed(&repo).contains("web@3: class=Process@3 "), "{run:?}");
}

#[test]
fn every_line_that_is_named_speaks_of_the_value() {
    for name in SOURCES {
        let source = text(name);
        let repo = begun(&[(name, &source)]);
        let lines: Vec<&str> = source.lines().collect();
        let model = repo.read("threat-model.yaml");
        let values = model
            .lines()
            .filter(|line| line.contains(" # ") && !line.starts_with('#'));
        for line in values {
            let (said, comment) = line.rsplit_once(" # ").unwrap();
            let number: usize = comment.rsplit_once(':').unwrap().1.parse().unwrap();
            let there = lines[number - 1];
            let (key, value) = said.trim().split_once(':').unwrap();
            let value = value.trim();
            let wanted = match key {
                "dstPort" | "port" => value,
                "usesEnvironmentVariables" if name.contains(".json") => "variables",
                "usesEnvironmentVariables" => "env",
                "kind" | "isSQL" | "technologies" | "isProxy" if name.starts_with("compose") => {
                    if there.contains("image:") {
                        "image:"
                    } else {
                        "exports"
                    }
                }
                _ => "",
            };
            assert!(
                there.contains(wanted),
                "{name}: `{line}` comes from `{there}`"
            );
            assert!(
                !there.trim().is_empty(),
                "{name}: `{line}` comes from an empty line"
            );
        }
        // One API is one part.
        let least = if *name == "openapi.yaml" { 12 } else { 60 };
        assert!(origins(&model).len() > least, "{name}");
    }
}

#[test]
fn check_accepts_what_init_writes() {
    for name in SOURCES {
        let repo = begun(&[(name, &text(name))]);
        let report = repo.report(&[]);
        assert_eq!(
            report["summary"]["verdict"], "failed",
            "{name}: {}",
            report["notices"]
        );
        let notices = report["notices"].as_array().unwrap();
        let severe = notices.iter().filter(|notice| notice["severity"] != "note");
        assert_eq!(severe.count(), 0, "{name}: {notices:#?}");
        assert_eq!(report["models"].as_array().unwrap().len(), 1);
    }
}

/// The model of an API with this behind its head.
fn api(rest: &str) -> String {
    let head = "openapi: 3.0.3\ninfo: {title: Loans, version: '1'}\n";
    let repo = begun(&[("api.yaml", &format!("{head}{rest}"))]);
    listed(&repo)
}

#[test]
fn an_api_says_who_its_callers_are_only_where_all_of_it_does() {
    let schemes = "components: {securitySchemes: {key: {type: apiKey, in: cookie}, tls: {type: mutualTLS}}}\n";
    let operation =
        |security: &str| format!("{{responses: {{'200': {{description: It}}}}{security}}}");
    let (silent, own, open) = (
        operation(""),
        operation(", security: [{key: []}]"),
        operation(", security: []"),
    );
    let either = operation(", security: [{key: []}, {}]");
    for (top, get, post, said) in [
        ("[{tls: []}]", &silent, &silent, Some("true@3")),
        ("[{tls: []}]", &own, &silent, Some("true@4")),
        ("[{tls: []}]", &open, &silent, None),
        ("[{tls: []}]", &either, &silent, None),
        ("[]", &silent, &silent, Some("false@3")),
        ("[]", &own, &own, Some("true@4")),
        ("[]", &own, &silent, None),
    ] {
        let text =
            format!("security: {top}\npaths: {{/a: {{get: {get}, post: {post}}}}}\n{schemes}");
        let found = api(&text);
        let wanted = said.map(|said| format!("authenticatesSource={said}"));
        match &wanted {
            Some(wanted) => assert!(found.contains(wanted.as_str()), "{text}: {found}"),
            None => assert!(!found.contains("authenticatesSource"), "{text}: {found}"),
        }
        let is_by_cookie = text.contains("[{key: []}]");
        assert_eq!(
            found.contains("usesSessionTokens=true@5"),
            is_by_cookie,
            "{text}: {found}"
        );
    }
    let nothing = api(&format!("paths: {{/a: {{get: {silent}}}}}\n{schemes}"));
    assert_eq!(nothing, "loans@2: class=Server@1 implementsAPI=true@3\n");
    let mixed = format!(
        "openapi: 3.0.3\ninfo: {{title: Loans}}\nsecurity: [{{tls: []}}]\npaths: {{/a: {{get: {open}, post: {silent}}}}}\n"
    );
    let told = read("api.yaml", &mixed);
    assert!(told[0].message.contains("others do not"), "{told:?}");
}

#[test]
fn an_api_of_the_older_form_is_read_too() {
    let repo = begun(&[(
        "api.json",
        r#"{"swagger": "2.0", "info": {"title": "Loans", "version": "1"},
 "host": "loans.example.com", "schemes": ["https"],
 "consumes": ["application/soap+xml"],
 "securityDefinitions": {"o": {"type": "oauth2", "flow": "accessCode",
   "tokenUrl": "https://id.example.org/token"}},
 "security": [{"o": ["read"]}],
 "paths": {"/a": {"post": {"parameters": [{"name": "f", "in": "formData",
   "type": "file"}], "responses": {}}}}}"#,
    )]);
    let found = listed(&repo);
    for said in [
        "loans@1: acceptsFileUploads=true@8 authenticatesSource=true@6 authenticationScheme=OAuth 2.0@4",
        "usesOIDC=true@4 usesXMLParser=true@3",
        "internet-to-loans@2: protocol=HTTPS@2",
        "loans-to-id-example-org@5: protocol=HTTPS@5",
    ] {
        assert!(found.contains(said), "{said}: {found}");
    }
}

#[test]
fn an_api_is_the_program_that_another_source_deploys() {
    for (service, server) in [
        ("loans", "http://localhost"),
        ("backend", "http://backend:8080"),
    ] {
        let compose = format!("services:\n  {service}: {{image: acme/loans}}\n");
        let api = format!(
            "openapi: 3.1.0\ninfo: {{title: Loans API}}\nservers: [{{url: '{server}'}}]\npaths: {{}}\n"
        );
        let repo = Repo::with(&[("api.yaml", &api), ("compose.yaml", &compose)]);
        let run = repo.tmrs(&["init", "--from", "api.yaml", "compose.yaml"]);
        assert_eq!(run.code, 0, "{run:?}");
        let found = listed(&repo);
        let parts = found.lines().filter(|line| line.contains("class="));
        assert_eq!(parts.count(), 1, "{found}");
        assert!(found.contains("implementsAPI=true@4"), "{found}");
    }
}

/// Reads a text as a source.
fn read(name: &str, text: &str) -> Vec<Notice> {
    let source: Arc<Source> = Source::new(RepoPath::new(name).unwrap(), text);
    let (inventory, notices) = inventory::read(&[(source, Found::Named)]);
    if notices
        .iter()
        .all(|notice| notice.severity != Severity::Error)
    {
        tmrs::init::first(&inventory, "tmrs init");
    }
    notices
}

#[test]
fn a_source_that_ends_anywhere_is_read_or_refused_at_a_place() {
    for name in SOURCES {
        let text = text(name);
        for end in (0..text.len()).step_by(50) {
            let Some(part) = text.get(..end) else {
                continue;
            };
            for notice in read(name, part) {
                assert!(notice.place.is_some(), "{name}, {end}: {notice:?}");
            }
        }
    }
}

#[test]
fn a_source_with_a_character_taken_out_or_changed_does_no_harm() {
    for name in SOURCES {
        let text = text(name);
        for at in (0..text.len())
            .step_by((text.len() / 100).max(61))
            .filter(|at| text.is_char_boundary(*at))
        {
            let (before, after) = text.split_at(at);
            let rest: String = after.chars().skip(1).collect();
            for changed in ["", "{", "[", "\"", ": ", "\n", "*", "&a ", "\u{1f600}"] {
                read(name, &format!("{before}{changed}{rest}"));
            }
        }
    }
}

#[test]
fn what_is_malformed_is_told_with_line_and_column_and_nothing_is_written() {
    for (name, text, place, words) in [
        (
            "compose.yaml",
            "services:\n  web: {image: nginx\n",
            "compose.yaml:2:8",
            "no YAML",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    image: b\n",
            "compose.yaml:4:5",
            "twice",
        ),
        (
            "notes.yaml",
            "a: 1\n",
            "notes.yaml:1:1",
            "nothing can be taken from this file",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    depends_on: [db, nope]\n  db: {image: postgres}\n",
            "compose.yaml:4:22",
            "`web` needs `nope`, and no service is called so",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    ports: [\"80\", \"abc\"]\n",
            "compose.yaml:4:19",
            "`abc` is no port",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    ports: 80\n",
            "compose.yaml:4:12",
            "`ports` must be a list, not 80",
        ),
        (
            "compose.yaml",
            "services:\n  web: {image: a}\n  db: postgres\n",
            "compose.yaml:3:7",
            "`db` must be a map, not the text \"postgres\"",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: [a]\n    environment:\n      A: {b: c}\n",
            "compose.yaml:5:10",
            "`A` must be a single value, not a map",
        ),
        (
            "pods.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n---\napiVersion: v1\nkind: 5\n",
            "pods.yaml:7:7",
            "`kind` must be text, not 5",
        ),
        (
            "pods.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2}\n",
            "pods.yaml:1:1",
            "`Deployment` has no `metadata`",
        ),
        (
            "pods.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    image: nginx\n",
            "pods.yaml:6:5",
            "`containers` must be a list, not a map",
        ),
        (
            "plan.json",
            "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {\"resources\": [\n  \
             {\"address\": \"aws_lb.a\", \"type\": 5, \"name\": \"a\"}]}}}",
            "plan.json:2:35",
            "`type` must be text, not 5",
        ),
        (
            "plan.json",
            "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {\"resources\": [\n  \
             {\"address\": \"aws_lb.a\", \"name\": \"a\"}]}}}",
            "plan.json:2:4",
            "`resources[0]` has no `type`",
        ),
        (
            "api.yaml",
            "openapi: 3.1.0\ninfo: {title: a}\npaths:\n  /a: [get]\n",
            "api.yaml:4:7",
            "`/a` must be a map, not a list",
        ),
        (
            "ci.yaml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: {run: make}\n",
            "ci.yaml:5:12",
            "`steps` must be a list, not a map",
        ),
    ] {
        let repo = Repo::with(&[(name, text)]);
        let run = repo.tmrs(&["init", "--from", name]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.err.contains(place) && run.err.contains(words),
            "{run:?}"
        );
        assert!(!repo.path("threat-model.yaml").exists());
    }
}

#[test]
fn files_that_name_everything_by_everything_end_with_a_complaint_or_soon() {
    let pod = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: n, labels: {{a: b}}}}\n\
             spec: {{containers: [{{image: x}}]}}\n"
        )
    };
    let policy = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: n}\n\
                  spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}]}]}\n";
    let pods: String = (0..400).map(pod).collect();
    let notices = read("pods.yaml", &format!("{pods}{policy}"));
    assert!(
        notices[0].message.contains("more than 50000 connections"),
        "{notices:?}"
    );
    // Two modules whose outputs are each other's variables, named ten times each.
    let ten = |name: &str| vec![format!("\"{name}\""); 10].join(",");
    let module = |other: &str| {
        format!(
            "{{\"expressions\": {{\"v\": {{\"references\": [{}]}}}}, \"module\": {{\"outputs\": \
             {{\"o\": {{\"expression\": {{\"references\": [{}]}}}}}}}}}}",
            ten(&format!("module.{other}.o")),
            ten("var.v"),
        )
    };
    let plan = format!(
        "{{\"format_version\": \"1\", \"planned_values\": {{\"root_module\": {{}}}}, \"configuration\": {{\"root_module\": \
         {{\"resources\": [{{\"address\": \"aws_lb.a\", \"expressions\": {{\"x\": {{\"references\": [\"module.a.o\"]}}}}}}], \
         \"module_calls\": {{\"a\": {}, \"b\": {}}}}}}}}}",
        module("b"),
        module("a"),
    );
    let start = std::time::Instant::now();
    let notices = read("plan.json", &plan);
    assert!(
        notices.len() == 1 && notices[0].message.contains("in too many ways"),
        "{notices:?}"
    );
    assert!(start.elapsed().as_secs() < 60);
    let deep = |levels: usize| {
        let open = "{\"child_modules\": [".repeat(levels);
        let close = "]}".repeat(levels);
        format!(
            "{{\"format_version\": \"1\", \"planned_values\": {{\"root_module\": {open}{close}}}}}"
        )
    };
    assert!(read("plan.json", &deep(15)).is_empty());
    let notices = read("plan.json", &deep(25));
    assert!(
        notices.len() == 1 && notices[0].message.contains("nested deeper"),
        "{notices:?}"
    );
}

#[test]
fn no_secret_of_a_source_reaches_the_model() {
    let compose = "services:\n  web:\n    image: acme/web\n    environment:\n      \
                DATABASE_URL: postgres://shop:hunter2@db/shop?password=hunter2\n      \
                API_KEY: hunter2\n      HOST: hunter2@db\n  db:\n    image: postgres\n    \
                environment: [POSTGRES_PASSWORD=hunter2]\n";
    let repo = begun(&[("compose.yaml", compose)]);
    let model = repo.read("threat-model.yaml");
    assert!(
        model.contains("web-to-db") && !model.contains("hunter2"),
        "{model}"
    );
}

#[test]
fn tags_of_compose_are_no_obstacle() {
    let files = [
        (
            "compose.prod.yaml",
            "services:\n  web:\n    ports: !override [\"443:443\"]\n    command: !reset null\n    environment: !reset {}\n",
        ),
        (
            "compose.yaml",
            "services: {web: {image: acme/web, command: serve}}\n",
        ),
    ];
    let repo = Repo::with(&files);
    let run = repo.tmrs(&["init", "--from", files[1].0, files[0].0]);
    assert_eq!((run.code, run.err.contains('!')), (0, false), "{run:?}");
    assert!(listed(&repo).contains("443"), "{}", listed(&repo));
}

#[test]
fn a_source_that_is_no_text_is_an_error_where_it_stops_being_text() {
    let compose: &[u8] = b"services:\n  web:\n    image: \"\xff\"\n";
    let repo = Repo::with(&[
        ("deploy/other.yaml", "services: {api: {image: acme/api}}\n"),
        ("deploy/picture.json", ""),
    ]);
    fs::write(repo.path("deploy/compose.yaml"), compose).unwrap();
    fs::write(repo.path("deploy/picture.json"), b"\xff\xfe\x00").unwrap();
    repo.git(&["add", "."]);
    for from in ["deploy/compose.yaml", "deploy"] {
        let run = repo.tmrs(&["init", "--from", from]);
        assert!(run.code != 0, "{run:?}");
        assert!(run.err.contains("deploy/compose.yaml:3:13"), "{run:?}");
        assert!(!run.err.contains("picture"), "{run:?}");
        assert!(!repo.path("threat-model.yaml").exists());
    }
}

#[test]
fn no_name_of_a_source_speaks_to_tmrs_or_ends_a_line() {
    let path = "a # tmrs: exclude[AA01] x.yaml";
    let text = "name: \"x # tmrs: exclude[AA01] y\\nelements: {}\"\nservices:\n  \
                \"web\\n# tmrs: exclude[AA01] z\": {image: acme/web, ports: [80]}\n";
    let repo = Repo::with(&[(path, text)]);
    let run = repo.tmrs(&["init", "--from", path]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = repo.report(&[]);
    let excluded = report["findings"].as_array().unwrap().iter();
    assert_eq!(excluded.filter(|it| it["status"] == "excluded").count(), 0);
    assert_eq!(
        listed(&repo).lines().count(),
        5,
        "{}",
        repo.read("threat-model.yaml")
    );
}

#[test]
fn a_folder_stands_for_the_sources_in_it_and_standard_input_for_a_file() {
    let repo = Repo::with(&[
        (
            "deploy/compose.yaml",
            "services: {web: {image: acme/web, ports: [80]}}\n",
        ),
        ("deploy/values.yaml", "a: {{ .Values.a }}\n"),
        ("deploy/package.json", "{}\n"),
    ]);
    let run = repo.tmrs(&["init", "--from", "deploy", "--output", "-"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    assert!(
        run.out.contains("`tmrs init --from deploy`") && run.out.contains("deploy/compose.yaml:1")
    );
    assert!(!repo.path("threat-model.yaml").exists());
    let mut piped = repo.command(&["init", "--from", "-", "--output", "-"]);
    let text = repo.read("deploy/compose.yaml");
    let run = fed(&mut piped, &text);
    assert!(
        run.out.contains("internet-to-web") && run.out.contains("`tmrs init --from -`"),
        "{run:?}"
    );
}
