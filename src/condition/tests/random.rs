use proptest::prelude::*;

use super::*;

#[test]
fn the_deepest_conditions_fit_on_the_stack_of_a_worker() {
    let s = system();
    let deepest = |open: &str, inner: &str, close: &str| {
        let text = |depth| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        let fits = |depth: &usize| compile(&text(*depth)).is_ok();
        let depth = (1..200).take_while(fits).last().unwrap_or(0);
        assert!(depth >= 20, "{open} {depth}");
        text(depth)
    };
    for (open, inner, close) in [
        ("not ", "target.inScope", ""),
        ("any(", "target.inputs", " for x in target.outputs if x)"),
        ("(1 if ", "target.inScope", " else 2)"),
        ("[", "1", "][0]"),
        ("-", "1.5", ""),
        ("(True and ", "target.inScope", ")"),
        ("(1 == ", "1", ")"),
        ("max(1, ", "1", ")"),
        ("target", ".inBoundary", ".inBoundary"),
    ] {
        ask_everything(&deepest(open, inner, close), &s);
    }
}

/// Everything that may be asked of a condition is asked, on every element.
fn ask_everything(text: &str, s: &System) {
    let Ok(condition) = compile(text) else { return };
    let _ = (
        condition.reads(),
        condition.check(&[Class::Element], &Names::vocabulary()),
    );
    for id in s.model.ids() {
        let verdict = condition.verdict(&s.model, id);
        let despite = condition.despite_unread(&s.model, id);
        assert_eq!(
            despite,
            Ok(verdict == Verdict::Holds),
            "nothing is unread: {text}"
        );
        if verdict == Verdict::Holds {
            condition.facts(&s.model, id);
            condition.deciding(&s.model, id);
        }
        // Three-valued logic never claims what two-valued logic denies.
        if verdict == Verdict::HoldsNot {
            let evidence = condition.evidence(&s.model, id);
            assert_eq!(evidence, Evidence::Assumed, "{text} on {id:?}");
        }
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "target",
        "target.inputs",
        "target.outputs",
        "target.data",
        "target.usesVPN",
        "target.controls.isEncrypted",
        "target.isHardened",
        "target.protocol",
        "target.port",
        "target.inBoundary",
        "target.source",
        "target.sink",
        "target.name",
        "target.levels",
        "target.tlsVersion",
        "x",
        "x.data",
        "x.sink",
        "x.isPII",
        "Server",
        "TLSVersion",
        "TLSVersion.TLSv12",
        "Lifetime.AUTO",
        "1",
        "0",
        "-3",
        "2.5",
        "'HTTP'",
        "'é'",
        "None",
        "True",
        "[]",
        "()",
        "{1}",
        "{'a': 1}",
        "nothing",
        "target.crosses(Boundary)",
        "target.within('V*')",
        "target.reaches(Datastore, 'usesVPN')",
        "target.hasDataLeaks()",
    ]);
    let operator = prop::sample::select(vec![
        "and", "or", "==", "!=", "<", ">=", "is", "is not", "in", "not in", "+", "-", "*", "/",
        "//", "%", "**", "&", "|", "^",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(5, 40, 3, move |inner| {
            let (a, b, c) = (inner.clone(), inner.clone(), inner.clone());
            prop_oneof![
                (a.clone(), operator.clone(), b.clone())
                    .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
                a.clone().prop_map(|a| format!("(not {a})")),
                a.clone().prop_map(|a| format!("(-{a})")),
                (a.clone(), b.clone(), c.clone())
                    .prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("any({a} for x in {b})")),
                (a.clone(), b.clone(), c.clone())
                    .prop_map(|(a, b, c)| format!("all({a} for x in {b} if {c})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("[{a} for x in {b}]")),
                (
                    prop::sample::select(vec!["any", "all", "len", "min", "max", "sum"]),
                    a.clone()
                )
                    .prop_map(|(f, a)| format!("{f}({a})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
                (a.clone(), b.clone(), c.clone()).prop_map(|(a, b, c)| format!("{a}[{b}:{c}]")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a}, {b})")),
                (a, b).prop_map(|(a, b)| format!("{{{a}, {b}}}")),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_expression_panics_and_evidence_follows_the_verdict(text in expression()) {
        ask_everything(&text, &system());
    }

    #[test]
    fn no_text_panics(text in r"[a-z.() 0-9'+<>=\[\]{}:,\n\\éif or and not in for target]{0,60}") {
        ask_everything(&text, &system());
    }
}
