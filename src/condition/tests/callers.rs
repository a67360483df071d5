//! Who calls an element, seen through what only passes requests on.

use super::*;

/// A user, what stands in front, the application behind it, a queue and its consumer.
struct Chain {
    model: Model,
    front: ElementId,
    app: ElementId,
    worker: ElementId,
}

/// `say` says more about the front, the application, the visit and the hand-over.
fn chain(name: &str, say: impl FnOnce(&mut Builder, [ElementId; 4])) -> Chain {
    let mut b = Builder::new();
    let net = b.element(Class::Boundary, "Net");
    b.say(net, "trust", member("Trust", "UNTRUSTED"));
    let user = b.element(Class::Actor, "User");
    b.say(user, "inBoundary", Value::Element(net));
    let front = b.element(Class::Server, name);
    let app = b.element(Class::Server, "App");
    let queue = b.element(Class::Datastore, "Queue");
    let worker = b.element(Class::Process, "Worker");
    let visit = b.flow("Visit", user, front);
    let pass = b.flow("Pass", front, app);
    b.flow("Put", app, queue);
    b.flow("Take", queue, worker);
    b.say(app, "implementsAPI", Value::Bool(true));
    say(&mut b, [front, app, visit, pass]);
    Chain {
        model: b.derived(),
        front,
        app,
        worker,
    }
}

/// What a condition says: `None` if it does not hold, else how sure.
fn judged(chain: &Chain, text: &str, target: ElementId) -> Option<Evidence> {
    let condition = compiled(text);
    match condition.verdict(&chain.model, target) {
        Verdict::Holds => Some(condition.evidence(&chain.model, target)),
        Verdict::HoldsNot => None,
        Verdict::Failed { reason, .. } => panic!("{text}: {reason}"),
    }
}

const SURE: Option<Evidence> = Some(Evidence::Declared);
const PERHAPS: Option<Evidence> = Some(Evidence::Assumed);

#[test]
fn callers_are_seen_through_what_says_that_it_only_passes_requests_on() {
    let c = chain("Front", |b, [front, ..]| {
        b.say(front, "isProxy", Value::Bool(true));
    });
    for (text, target, expected) in [
        ("target.calledBy(Actor)", c.app, SURE),
        ("target.calledByOutsiders()", c.app, SURE),
        (
            "any(f.name == 'Visit' for f in target.requests())",
            c.app,
            SURE,
        ),
        (
            "any(f.name == 'Pass' for f in target.requests())",
            c.app,
            None,
        ),
        ("any(e.oneOf(Actor) for e in target.callers())", c.app, SURE),
        ("target.isInternetFacing", c.app, SURE),
        ("target.requests() or target.received()", c.front, None),
        ("target.calledBy(Actor)", c.front, None),
        ("target.inputs", c.front, SURE),
    ] {
        assert_eq!(judged(&c, text, target), expected, "{text}");
    }
}

#[test]
fn a_name_that_says_proxy_is_enough_unless_the_element_has_what_an_application_has() {
    let named = chain("Load balancer", |_, _| {});
    assert_eq!(judged(&named, "target.isProxy", named.front), SURE);
    assert_eq!(judged(&named, "target.calledBy(Actor)", named.app), SURE);
    let app = chain("Load balancer", |b, [front, ..]| {
        b.control(front, "encodesOutput");
    });
    assert_eq!(judged(&app, "target.isProxy", app.front), None);
    let said = chain("Load balancer", |b, [front, ..]| {
        b.say(front, "isProxy", Value::Bool(false));
    });
    assert_eq!(judged(&said, "target.isProxy", said.front), None);
    assert_eq!(judged(&said, "target.calledBy(Actor)", said.app), None);
}

#[test]
fn a_server_that_says_nothing_takes_nothing_away_from_the_one_behind_it() {
    let c = chain("Front", |_, _| {});
    assert_eq!(judged(&c, "target.calledBy(Actor)", c.front), SURE);
    assert_eq!(judged(&c, "target.calledBy(Actor)", c.app), PERHAPS);
    assert_eq!(judged(&c, "target.calledBy(Server)", c.app), SURE);
    let answers = compiled("target.calledBy(Actor)").deciding(&c.model, c.app);
    let answer = &answers[0][0];
    assert_eq!(answer.attribute.name(), "isProxy");
    assert!(matches!(answer.value, Value::Bool(false)), "{answer:?}");
}

#[test]
fn a_queue_does_not_call_its_consumer_but_hands_out() {
    let c = chain("Front", |_, _| {});
    for (text, expected) in [
        ("target.requests()", None),
        ("target.callers()", None),
        ("target.unauthenticated()", None),
        ("any(f.name == 'Take' for f in target.received())", SURE),
    ] {
        assert_eq!(judged(&c, text, c.worker), expected, "{text}");
    }
}

#[test]
fn a_flow_decides_whether_its_caller_is_authenticated_else_the_element_does() {
    let proxy = |b: &mut Builder, front| {
        b.say(front, "isProxy", Value::Bool(true));
    };
    let no = |b: &mut Builder, id| {
        let value = Value::Bool(false);
        b.set(
            Owner::Controls(id),
            "authenticatesSource",
            value,
            Origin::Declared,
        );
    };
    let unauthenticated = |c: &Chain| judged(c, "target.unauthenticated()", c.app);
    let nothing = chain("Front", |b, [front, ..]| proxy(b, front));
    assert_eq!(unauthenticated(&nothing), PERHAPS);
    let element = chain("Front", |b, [front, app, ..]| {
        proxy(b, front);
        b.control(app, "authenticatesSource");
    });
    assert_eq!(unauthenticated(&element), None);
    let flow = chain("Front", |b, [front, app, visit, _]| {
        proxy(b, front);
        b.control(app, "authenticatesSource");
        no(b, visit);
    });
    assert_eq!(unauthenticated(&flow), SURE);
    let arrival = chain("Front", |b, [front, app, _, pass]| {
        proxy(b, front);
        no(b, app);
        b.control(pass, "authenticatesSource");
    });
    assert_eq!(unauthenticated(&arrival), None);
    let vouched = chain("Front", |b, [front, ..]| {
        proxy(b, front);
        b.control(front, "authenticatesSource");
    });
    assert_eq!(unauthenticated(&vouched), None);
    let denied = chain("Front", |b, [front, app, ..]| {
        proxy(b, front);
        no(b, app);
    });
    assert_eq!(unauthenticated(&denied), SURE);
}

#[test]
fn a_zone_called_internet_is_untrusted_unless_it_says_otherwise() {
    let zone = |name: &str, trust: Option<&str>| {
        let mut b = Builder::new();
        let net = b.element(Class::Boundary, name);
        if let Some(trust) = trust {
            b.say(net, "trust", member("Trust", trust));
        }
        let user = b.element(Class::Actor, "User");
        b.say(user, "inBoundary", Value::Element(net));
        let app = b.element(Class::Server, "App");
        b.flow("Visit", user, app);
        let model = b.derived();
        let chain = Chain {
            model,
            front: net,
            app,
            worker: app,
        };
        let untrusted = judged(&chain, "target.trust == Trust.UNTRUSTED", net);
        (untrusted, judged(&chain, "target.isInternetFacing", app))
    };
    assert_eq!(zone("Internet", None), (PERHAPS, PERHAPS));
    assert_eq!(zone("Internet", Some("UNTRUSTED")), (SURE, SURE));
    assert_eq!(zone("Internet", Some("INTERNAL")), (None, None));
    assert_eq!(zone("Internet-facing subnet", None), (None, None));
    assert_eq!(zone("Office", None), (None, None));
}

#[test]
fn rules_of_pytm_see_only_what_is_said() {
    let c = chain("Load balancer", |_, _| {});
    let condition = compiled("target.isInternetFacing or target.isProxy").without_inferences();
    let verdict = condition.verdict(&c.model, c.app);
    assert_eq!(verdict, Verdict::HoldsNot);
}

#[test]
fn a_long_chain_is_walked_once() {
    let mut b = Builder::new();
    let user = b.element(Class::Actor, "User");
    let mut last = user;
    for at in 0..20_000 {
        let next = b.element(Class::Server, &format!("S{at}"));
        b.flow("", last, next);
        last = next;
    }
    let model = b.derived();
    let condition = compiled("target.calledBy(Actor)");
    assert_eq!(condition.verdict(&model, last), Verdict::Holds);
}
