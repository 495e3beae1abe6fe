use super::*;
use crate::analysis::Programs;
use crate::history::{Family, MemberId};
use crate::source;

/// Explains every visit of a state in a shipped recording.
fn explained(name: &str, state: &str) -> Vec<Explanation> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    let recording = source::open_recording(&path).unwrap();
    let family = Family::of(&recording);
    let programs = Programs::of(&recording, &family);
    let history = family.root();
    let visits = history.visits().filter(|(_, visit)| &*visit.name == state);
    let explain = |id| {
        let scene = Scene::of(&programs, MemberId::ROOT, history, id, None).unwrap();
        Explanation::of(&scene).unwrap()
    };
    visits.map(|(id, _)| explain(id)).collect()
}

#[test]
fn a_choice_tells_rule_by_rule_what_it_saw() {
    let visits = explained("loan-quote-missing-field.sfn.json", "ReportReady?");
    let decided: Vec<Option<usize>> = visits
        .iter()
        .map(|seen| match &seen.about {
            About::Choice(choice) => choice.decided,
            other => panic!("a Choice is explained as {other:?}"),
        })
        .collect();
    assert_eq!(decided, [None, None, Some(0)]);
    let About::Choice(last) = &visits[2].about else { panic!("it is a Choice") };
    let [ready, polls] = last.rules.as_slice() else { panic!("it has two rules: {:?}", last.rules) };
    assert_eq!(ready.test.operands, [("$states.input.status".to_owned(), Some("ready".into()))]);
    assert_eq!((&ready.test.verdict, &polls.test.verdict), (&Verdict::Holds, &Verdict::NotAsked));
    assert_eq!(visits[2].next.as_deref(), Some(&*ready.next));
}

#[test]
fn each_failure_tells_what_retriers_and_catchers_made_of_it() {
    let visits = explained("order-payment-declined.sfn.json", "ChargeCard");
    let [charge] = visits.as_slice() else { panic!("there is one visit: {visits:?}") };
    let delays: Vec<(u32, f64, bool)> = charge
        .handling
        .iter()
        .flat_map(|handling| &handling.retriers)
        .filter_map(|seen| match &seen.verdict {
            RetryVerdict::Retried { retry, delay, waited, .. } => {
                let computed = (delay.seconds * 1e6) as i64;
                Some((*retry, delay.seconds, waited.is_some_and(|waited| (waited - computed).abs() < 500_000)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(delays, [(1, 2.0, true), (2, 4.0, true)], "the computed delays are those that passed");
    let last = charge.handling.last().unwrap();
    assert_eq!(last.fate, Fate::Caught("ReleaseStock".into()));
    assert!(last.retriers.iter().all(|seen| seen.verdict == RetryVerdict::OtherErrors));
    assert_eq!(last.catchers[0].verdict, CatchVerdict::Caught);
}

#[test]
fn a_redrive_counts_retries_anew() {
    let visits = explained("month-end-redriven.sfn.json", "PostToLedger");
    let [post] = visits.as_slice() else { panic!("there is one visit: {visits:?}") };
    let verdicts: Vec<&str> = post
        .handling
        .iter()
        .map(|handling| match handling.fate {
            Fate::Retried(_) => "retried",
            Fate::Uncaught => "uncaught",
            _ => "other",
        })
        .collect();
    assert_eq!(verdicts, ["retried", "retried", "uncaught"]);
    let used_up = |seen: &RetrierSeen| matches!(seen.verdict, RetryVerdict::UsedUp { of: 2 });
    assert!(post.handling[2].retriers.iter().any(used_up), "{:?}", post.handling[2]);
}

#[test]
fn a_wait_tells_until_when() {
    let visits = explained("loan-quote-missing-field.sfn.json", "GiveItTime");
    for seen in &visits {
        let About::Wait(wait) = &seen.about else { panic!("it is a Wait") };
        let until = *wait.until.as_ref().unwrap();
        assert_eq!(until.micros_since(wait.entered), 15_000_000);
        assert!(wait.left.unwrap().micros_since(until).abs() < 1_000_000);
    }
    assert_eq!(visits.len(), 2);
}

#[test]
fn a_fail_tells_where_its_words_come_from() {
    let visits = explained("order-payment-declined.sfn.json", "OrderFailed");
    let About::Fail { error: Some(error), cause: Some(cause) } = &visits[0].about else { panic!("it is a Fail") };
    assert_eq!(error.value, Ok("Order.NotFulfilled".into()));
    assert!(cause.line > error.line && cause.value.is_ok(), "{cause:?}");
}
