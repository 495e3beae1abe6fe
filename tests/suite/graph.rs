//! The machine as a graph: shipped recordings, definitions alone, and what must hold for any machine.

use crate::random_machines::random_definition;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;
use stepback::analysis::Programs;
use stepback::analysis::graph::{Course, Focus, Graph};
use stepback::asl::{Machine, MachineKind};
use stepback::event::StateType;
use stepback::history::Family;
use stepback::recording::Recording;
use stepback::report::graph::{Plan, Settings, Shape, Zoom, graph, graph_json, mermaid};
use stepback::report::{Paper, events_csv, perfetto, visits_csv};
use stepback::source;

fn recording(name: &str) -> Recording {
    source::open_recording(&Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)).unwrap()
}

fn of_recording(recording: &Recording) -> (Graph, Course) {
    let family = Family::of(recording);
    let graph = Graph::of(&family, &Programs::of(recording, &family));
    let course = Course::of(&graph, &family, &Focus::default());
    (graph, course)
}

fn shown(name: &str, width: usize) -> String {
    let (known, course) = of_recording(&recording(name));
    graph(&known, &course, Paper::plain(width)).join("\n")
}

fn machine(definition: &Value) -> Machine {
    let (machine, findings) = Machine::parse(&definition.to_string(), MachineKind::Standard);
    machine.unwrap_or_else(|| panic!("{findings:?}"))
}

fn alone(definition: &Value, paper: Paper) -> String {
    let known = Graph::of_machine(&machine(definition));
    graph(&known, &Course::none(&known), paper).join("\n")
}

#[test]
fn the_shipped_recordings_are_drawn_within_80_columns() {
    for name in [
        "order-payment-declined.sfn.json",
        "bad-files-in-nightly-import.sfn.json.gz",
        "rollout-region-timed-out.sfn.json",
        "loan-quote-missing-field.sfn.json",
        "payouts-child-failed.sfn.json",
    ] {
        let drawn = shown(name, 80);
        assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{name} is wider than the paper\n{drawn}");
        insta::assert_snapshot!(name.split('.').next().unwrap(), drawn);
    }
}

#[test]
fn without_a_definition_the_graph_is_what_was_seen() {
    let mut recording = recording("order-payment-declined.sfn.json");
    recording.state_machine = None;
    let (known, course) = of_recording(&recording);
    insta::assert_snapshot!(graph(&known, &course, Paper::plain(80)).join("\n"));
}

fn nested() -> Value {
    json!({"StartAt": "Prepare", "States": {
        "Prepare": {"Type": "Pass", "Next": "Both"},
        "Both": {"Type": "Parallel", "Next": "Done", "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Sorry"}],
            "Branches": [
                {"StartAt": "Each 日本語", "States": {"Each 日本語": {"Type": "Map", "End": true, "ItemProcessor": {
                    "StartAt": "Poll", "States": {
                        "Poll": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Ready?"},
                        "Ready?": {"Type": "Choice", "Default": "Poll", "Choices": [
                            {"Variable": "$.ready", "BooleanEquals": true, "Next": "Fine"},
                            {"Variable": "$.again", "BooleanEquals": true, "Next": "Ready?"}]},
                        "Fine": {"Type": "Succeed"}}}}}},
                {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 1, "End": true}}}]},
        "Done": {"Type": "Succeed"},
        "Sorry": {"Type": "Fail"}}})
}

#[test]
fn a_map_in_a_parallel_state_is_a_box_in_a_box() {
    insta::assert_snapshot!(alone(&nested(), Paper::plain(80)));
}

#[test]
fn plain_terminals_get_plain_characters() {
    let drawn = alone(&nested(), Paper { unicode: false, ..Paper::plain(80) });
    assert!(drawn.replace("日本語", "").is_ascii(), "{drawn}");
    insta::assert_snapshot!(drawn);
}

#[test]
fn two_hundred_states_are_drawn_and_fold() {
    let names: Vec<String> = (0..200).map(|number| format!("Step{number:03}")).collect();
    let mut states = serde_json::Map::new();
    for (number, name) in names.iter().enumerate() {
        let skip = names.get(number + 7).or(names.last()).unwrap();
        let state = match names.get(number + 1) {
            None => json!({"Type": "Succeed"}),
            Some(next) if number % 5 == 3 => json!({"Type": "Choice", "Default": next, "Choices": [
                {"Variable": "$.skip", "BooleanEquals": true, "Next": skip}]}),
            Some(next) => json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": next,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Step199"}]}),
        };
        states.insert(name.clone(), state);
    }
    let known = Graph::of_machine(&machine(&json!({"StartAt": "Step000", "States": states})));
    let plan = Plan::of(&known, Settings { zoom: Zoom::Compact, ..Settings::default() });
    assert!(plan.spots.iter().all(Option::is_some));
    assert!(plan.size.width <= 80, "catchers of all states share one trunk: {:?}", plan.size);

    let around = machine(&json!({"StartAt": "All", "States": {"All": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Step000", "States": serde_json::to_value(&states).unwrap()}]}}}));
    let known = Graph::of_machine(&around);
    let all = known.nodes().find(|(_, node)| node.kind == StateType::Parallel).unwrap().0;
    let folded = Plan::of(&known, Settings { folded: HashSet::from([all]), ..Settings::default() });
    assert_eq!(folded.spot(all).unwrap().shape, Shape::Closed);
    assert_eq!(folded.spots.iter().flatten().count(), 1);
}

#[test]
fn what_is_too_wide_for_the_paper_is_folded_and_then_cut_where_the_fewest_states_stand() {
    let branch = |number: usize| {
        let name = format!("InBranch{number}");
        json!({"StartAt": name, "States": {(name): {"Type": "Pass", "End": true}}})
    };
    let branches: Vec<Value> = (0..12).map(branch).collect();
    let wide = json!({"StartAt": "Many", "States": {
        "Many": {"Type": "Parallel", "Branches": branches, "Next": "Last"},
        "Last": {"Type": "Succeed"}}});
    let drawn = alone(&wide, Paper::plain(60));
    assert!(drawn.contains("1 state is folded (▸)") && !drawn.contains("InBranch"), "{drawn}");
    assert!(drawn.contains("Many") && drawn.contains("Last"), "{drawn}");
    let cut = alone(&wide, Paper::plain(6));
    assert!(cut.lines().take(5).all(|line| line.chars().count() <= 6), "{cut}");
    assert!(cut.contains("cut off. --width"), "{cut}");
}

#[test]
fn the_json_form_tells_positions_statuses_and_what_was_taken() {
    let (known, course) = of_recording(&recording("order-payment-declined.sfn.json"));
    let answer = graph_json(&known, &course);
    let nodes = answer["nodes"].as_array().unwrap();
    let node = |name: &str| nodes.iter().position(|node| node["name"] == name).unwrap();
    assert_eq!(nodes[node("ChargeCard")]["status"], "caught");
    assert_eq!(nodes[node("ChargeCard")]["retries"], 2);
    assert_eq!(nodes[node("ReserveStock")]["items"], json!({"succeeded": 3, "all": 3}));
    assert_eq!(nodes[node("PrepareParcel")]["status"], Value::Null);
    let edges = answer["edges"].as_array().unwrap();
    let leads = |edge: &&Value| edge["from"] == node("ChargeCard") && edge["to"] == node("ReleaseStock");
    let edge = edges.iter().find(leads).unwrap();
    assert_eq!((&edge["kind"], &edge["label"], &edge["taken"]), (&json!("catch"), &json!("all"), &json!(1)));
}

#[test]
fn the_mermaid_form_has_a_class_for_each_status() {
    let (known, course) = of_recording(&recording("order-payment-declined.sfn.json"));
    insta::assert_snapshot!(mermaid(&known, &course));
}

#[test]
fn a_trace_has_a_thread_for_each_flow_and_nested_slices() {
    let family = Family::of(&recording("rollout-region-timed-out.sfn.json"));
    let trace = perfetto(&family);
    let events = trace["traceEvents"].as_array().unwrap();
    let threads: Vec<&str> = events
        .iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| event["args"]["name"].as_str().unwrap())
        .collect();
    let region = |branch| format!("DeployEverywhere[{branch}]");
    assert_eq!(&threads[..4], ["the execution", &region(0), &region(1), &region(2)]);
    let slice = |name: &str| events.iter().find(|event| event["ph"] == "X" && event["name"] == name).unwrap();
    let (outer, inner) = (slice("DeployEverywhere"), slice("DeploySingapore"));
    assert_eq!(inner["args"]["status"], "timed out");
    let span = |slice: &Value| {
        let from = slice["ts"].as_i64().unwrap();
        (from, from + slice["dur"].as_i64().unwrap())
    };
    assert!(span(outer).0 <= span(inner).0 && span(inner).1 <= span(outer).1);
}

#[test]
fn rows_for_spreadsheets_have_one_line_each() {
    let family = Family::of(&recording("order-payment-declined.sfn.json"));
    let visits = visits_csv(&family);
    assert_eq!(visits.lines().count(), 1 + family.root().visits().len());
    let charge = visits.lines().find(|line| line.contains(",ChargeCard,")).unwrap();
    assert!(charge.contains(",ChargeCard,ChargeCard,Task,caught,") && charge.contains(",3,CardDeclined,"), "{charge}");
    assert!(visits.contains(",ReserveStock[1] ▸ ReserveLine,ReserveLine,Task,succeeded,"), "{visits}");
    assert_eq!(events_csv(&family).lines().count(), 1 + family.root().events().len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_machine_is_drawn_whole(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (definition, _) = random_definition(&bytes);
        let Some(machine) = Machine::parse(&definition.to_string(), MachineKind::Standard).0 else { return Ok(()) };
        let known = Graph::of_machine(&machine);
        for zoom in [Zoom::Normal, Zoom::Compact] {
            let plan = Plan::of(&known, Settings { zoom, ..Settings::default() });
            for (id, node) in known.nodes() {
                let spot = plan.spot(id).unwrap();
                // What is inside stands inside, and nothing else does.
                for (other, inner) in known.nodes() {
                    let other_spot = plan.spot(other).unwrap();
                    let inside = known.outward(other).skip(1).any(|around| around == id);
                    let corner = stepback::report::graph::flow::Point {
                        x: other_spot.at.x + other_spot.size.width - 1,
                        y: other_spot.at.y + other_spot.size.height - 1,
                    };
                    let around = known.outward(id).any(|outer| outer == other);
                    let holds = spot.holds(other_spot.at) && spot.holds(corner);
                    prop_assert!(inside == (holds && !around), "{} and {} {definition}", node.name, inner.name);
                }
            }
            for (id, link) in known.links() {
                let way = plan.wires[id.index()].as_ref().unwrap();
                let [from, to] = [link.from, link.to].map(|node| *plan.spot(node).unwrap());
                let (first, last) = (way[0], way[way.len() - 1]);
                prop_assert!(from.holds(first) && first.y == from.at.y + from.size.height - 1);
                prop_assert!(last.y == to.at.y - 1 && (to.at.x..to.at.x + to.size.width).contains(&last.x));
            }
        }
    }
}
