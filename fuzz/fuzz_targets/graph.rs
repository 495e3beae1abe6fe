//! Any definition: its graph is laid out and drawn in bounded time, and every state stands somewhere.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stepback::analysis::graph::{Course, Graph};
use stepback::asl::{Machine, MachineKind};
use stepback::report::graph::{Plan, Settings, graph_json, mermaid};

fuzz_target!(|text: &str| {
    let (Some(machine), _) = Machine::parse(text, MachineKind::Express) else { return };
    let graph = Graph::of_machine(&machine);
    for settings in [Settings::default(), Settings::narrowest(Default::default())] {
        let plan = Plan::of(&graph, settings);
        assert!(plan.size.width >= 0 && plan.size.height >= 0);
    }
    let course = Course::none(&graph);
    assert!(!mermaid(&graph, &course).is_empty());
    drop(graph_json(&graph, &course));
});
