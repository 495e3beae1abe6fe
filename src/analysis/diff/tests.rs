use super::*;
use crate::event::Event;
use crate::history::{Described, Family, History};
use crate::json::SharedBytes;
use crate::json::diff::Strict;
use serde_json::{Value, json};

/// Events in the making; each follows the one before unless told otherwise.
#[derive(Default)]
struct Told(Vec<Value>);

impl Told {
    fn event(&mut self, kind: &str, details: (&str, Value)) -> usize {
        let id = self.0.len() + 1;
        self.after(if id <= 2 { 0 } else { id - 1 }, kind, details)
    }

    fn after(&mut self, parent: usize, kind: &str, (member, details): (&str, Value)) -> usize {
        let id = self.0.len() + 1;
        let time = 1_795_000_000 + id;
        self.0.push(json!({"timestamp": time, "type": kind, "id": id, "previousEventId": parent, member: details}));
        id
    }

    fn pass(&mut self, kind: &str, name: &str, input: &Value, output: &Value) {
        self.event(
            &format!("{kind}StateEntered"),
            ("stateEnteredEventDetails", json!({"name": name, "input": input.to_string()})),
        );
        self.event(
            &format!("{kind}StateExited"),
            ("stateExitedEventDetails", json!({"name": name, "output": output.to_string()})),
        );
    }

    fn start(input: &Value) -> Self {
        let mut told = Self::default();
        told.event("ExecutionStarted", ("executionStartedEventDetails", json!({"input": input.to_string()})));
        told
    }

    fn family(self) -> Family {
        let event = |value: &Value| Event::read(&SharedBytes::new(value.to_string().into_bytes())).unwrap();
        let history: History = self.0.iter().map(event).collect();
        assert_eq!(history.anomalies(), []);
        Family::new(Described::default(), history)
    }
}

/// A run of Pass and Choice states, each with its output; the first gets the input.
fn line(input: Value, states: &[(&str, &str, Value)]) -> Family {
    let mut told = Told::start(&input);
    let mut data = input;
    for (kind, name, output) in states {
        told.pass(kind, name, &data, output);
        data = output.clone();
    }
    told.event("ExecutionSucceeded", ("executionSucceededEventDetails", json!({"output": data.to_string()})));
    told.family()
}

fn compare(old: &Family, new: &Family, definition: Option<&Value>) -> Comparison {
    let run = |family| Run { family, definition: definition.cloned() };
    executions(&run(old), &run(new), &Mask::shapes())
}

fn told(comparison: &Comparison, families: [&Family; 2]) -> Vec<String> {
    let name = |side: usize, spot: Option<Spot>| match spot {
        Some(Spot::Visit(member, visit)) => families[side].member(member).history.visit(visit).name.to_string(),
        Some(Spot::Scope(member, scope)) => {
            format!("[{}]", families[side].member(member).history.scope(scope).index().unwrap())
        }
        Some(Spot::Execution(_)) => "execution".to_owned(),
        None => "-".to_owned(),
    };
    let step = |step: &Step| {
        let changes =
            step.data.iter().map(|change| format!(" {} {}", change.part.name(), change.at)).collect::<String>();
        let ways = step.differences.iter().map(|way| match way {
            Difference::Outcome { .. } => " outcome",
            Difference::Next { .. } => " next",
            Difference::Attempts { .. } => " attempts",
        });
        let indent = "  ".repeat(step.depth.into());
        format!("{indent}{}/{}{}{changes}", name(0, step.old), name(1, step.new), ways.collect::<String>())
    };
    comparison.steps.iter().map(step).collect()
}

#[test]
fn a_difference_is_told_where_it_is_seen_first() {
    let states = |total: u64, id: &str| {
        let priced = json!({"id": id, "total": total});
        line(
            json!({"id": id}),
            &[
                ("Pass", "Price", priced.clone()),
                ("Pass", "Same", priced.clone()),
                ("Pass", "Wrap", json!({"order": priced})),
            ],
        )
    };
    let (old, new) = (states(1, "c-1"), states(2, "c-2"));
    let comparison = compare(&old, &new, None);
    assert_eq!(told(&comparison, [&old, &new]), ["Price/Price output $.total", "Same/Same", "Wrap/Wrap"]);
    assert_eq!(comparison.input.changes.len(), 1);
    assert_eq!(comparison.steps.last().map(|step| step.carried), Some(2));
    let divergence = comparison.divergence.unwrap();
    assert_eq!((divergence.step, divergence.kind), (0, DivergenceKind::Data));
}

#[test]
fn volatile_values_do_not_differ() {
    let states = |id: &str, time: &str| line(json!({"at": time}), &[("Pass", "A", json!({"id": id, "at": time}))]);
    let old = states("a88095f6-d7ba-4a65-8856-ee18a414ee1d", "2026-11-20T03:09:41Z");
    let new = states("42618a20-2037-410e-a5f0-13ba522ae822", "2026-11-20T05:11:00.5Z");
    let comparison = compare(&old, &new, None);
    assert!(!comparison.differs());
    assert_eq!((comparison.divergence, comparison.excused), (None, 4));
    let run = |family| Run { family, definition: None };
    assert!(executions(&run(&old), &run(&new), &Strict).differs());
}

#[test]
fn the_way_parts_at_the_choice_and_the_field_it_reads_is_named() {
    let definition = json!({"States": {"Valid?": {"Type": "Choice", "Choices": [
        {"Variable": "$.validation.valid", "BooleanEquals": true, "Next": "Ship"}], "Default": "Reject"}}});
    let states = |valid: bool, sum: u64, last: &'static str| {
        let data = json!({"sum": sum, "validation": {"valid": valid}});
        line(
            json!({"sum": sum}),
            &[("Pass", "Check", data.clone()), ("Choice", "Valid?", data.clone()), ("Pass", last, data)],
        )
    };
    let (old, new) = (states(true, 1, "Ship"), states(false, 2, "Reject"));
    let comparison = compare(&old, &new, Some(&definition));
    assert_eq!(
        told(&comparison, [&old, &new]),
        ["Check/Check output $.validation.valid", "Valid?/Valid? next", "Ship/-", "-/Reject"]
    );
    let divergence = comparison.divergence.unwrap();
    assert_eq!((divergence.step, divergence.kind, divergence.more), (1, DivergenceKind::Path, 1));
    let reason = divergence.because.first().unwrap();
    assert_eq!((reason.change.at.to_string().as_str(), reason.read), ("$.validation.valid", true));
    assert_eq!(reason.change.new, Some(json!(false)));
    assert_eq!(reason.origin, Some(Origin { step: Some(0), part: Part::Output }));
}

#[test]
fn loops_may_turn_more_often() {
    let states = |turns: usize| {
        let turn = [("Wait", "Wait", json!(1)), ("Pass", "Ask", json!(1)), ("Choice", "Done?", json!(1))];
        let mut states: Vec<_> = std::iter::repeat_n(turn, turns).flatten().collect();
        states.push(("Pass", "Finish", json!(2)));
        line(json!(1), &states)
    };
    let (old, new) = (states(2), states(4));
    let comparison = compare(&old, &new, None);
    let steps = told(&comparison, [&old, &new]);
    assert_eq!(steps.iter().filter(|step| step.starts_with("-/")).count(), 6, "{steps:?}");
    assert_eq!(steps.last().map(String::as_str), Some("Finish/Finish"));
    let other = line(json!(1), &[("Wait", "Wait", json!(1)), ("Pass", "GiveUp", json!(3))]);
    let comparison = compare(&old, &other, None);
    assert_eq!(comparison.divergence.map(|found| (found.step, found.kind)), Some((0, DivergenceKind::Path)));
}

/// A Map whose items fail or not.
fn map(items: &[(&str, bool)]) -> Family {
    let mut told = Told::start(&json!([]));
    told.event("MapStateEntered", ("stateEnteredEventDetails", json!({"name": "Each", "input": "[]"})));
    let map = told.event("MapStateStarted", ("mapStateStartedEventDetails", json!({"length": items.len()})));
    let mut last = map;
    for (index, (item, good)) in items.iter().enumerate() {
        let at = ("mapIterationStartedEventDetails", json!({"name": "Each", "index": index}));
        told.after(map, "MapIterationStarted", at);
        let input = json!({"sku": item}).to_string();
        told.event("TaskStateEntered", ("stateEnteredEventDetails", json!({"name": "Work", "input": input})));
        let task = json!({"resourceType": "lambda", "resource": "invoke", "region": "x", "parameters": "{}"});
        told.event("TaskScheduled", ("taskScheduledEventDetails", task));
        let task = json!({"resourceType": "lambda", "resource": "invoke"});
        told.event("TaskStarted", ("taskStartedEventDetails", task));
        if !good {
            let failed = json!({"resourceType": "lambda", "resource": "invoke", "error": "Oops", "cause": item});
            let failed = told.event("TaskFailed", ("taskFailedEventDetails", failed));
            told.after(
                failed,
                "MapIterationFailed",
                ("mapIterationFailedEventDetails", json!({"name": "Each", "index": index})),
            );
            told.after(failed, "MapStateFailed", ("x", json!({})));
            told.event("ExecutionFailed", ("executionFailedEventDetails", json!({"error": "Oops", "cause": item})));
            return told.family();
        }
        let done = json!({"resourceType": "lambda", "resource": "invoke", "output": "1"});
        told.event("TaskSucceeded", ("taskSucceededEventDetails", done));
        told.event("TaskStateExited", ("stateExitedEventDetails", json!({"name": "Work", "output": "1"})));
        last = told.event(
            "MapIterationSucceeded",
            ("mapIterationSucceededEventDetails", json!({"name": "Each", "index": index})),
        );
    }
    told.after(last, "MapStateSucceeded", ("x", json!({})));
    told.after(last, "MapStateExited", ("stateExitedEventDetails", json!({"name": "Each", "output": "[]"})));
    told.event("ExecutionSucceeded", ("executionSucceededEventDetails", json!({"output": "[]"})));
    told.family()
}

#[test]
fn items_are_recognised_when_there_are_more_of_them() {
    let old = map(&[("lamp", true), ("rug", true)]);
    let new = map(&[("bulb", true), ("lamp", true), ("rug", true)]);
    let comparison = compare(&old, &new, None);
    let expected = ["Each/Each", "  -/[0]", "  [0]/[1]", "    Work/Work", "  [1]/[2]", "    Work/Work"];
    assert_eq!(told(&comparison, [&old, &new]), expected);
}

#[test]
fn a_failure_in_an_item_is_found_in_the_item() {
    let (old, new) = (map(&[("lamp", true), ("rug", true)]), map(&[("lamp", true), ("rug", false)]));
    let comparison = compare(&old, &new, None);
    let divergence = comparison.divergence.as_ref().unwrap();
    assert_eq!(divergence.kind, DivergenceKind::Outcome);
    let steps = told(&comparison, [&old, &new]);
    assert_eq!(steps.get(divergence.step).map(String::as_str), Some("    Work/Work outcome"));
    assert_eq!(divergence.because, []);
    // The same, but on one side the item is not there at all.
    let old = map(&[("lamp", true)]);
    let comparison = compare(&old, &new, None);
    let divergence = comparison.divergence.as_ref().unwrap();
    assert_eq!(divergence.kind, DivergenceKind::OneSided);
    assert_eq!(told(&comparison, [&old, &new]).get(divergence.step).map(String::as_str), Some("  -/[1]"));
}

#[test]
fn two_items_of_one_map_are_compared() {
    let family = map(&[("lamp", true), ("rug", false)]);
    let run = Run { family: &family, definition: None };
    let history = family.root();
    let (each, _) = history.visits().next().unwrap();
    let flow = |index| Flow { member: MemberId::ROOT, scope: history.iteration(each, index).unwrap() };
    let comparison = iterations((&run, flow(0)), (&run, flow(1)), &Mask::shapes());
    assert_eq!(told(&comparison, [&family, &family]), ["Work/Work outcome input $.sku"]);
}
