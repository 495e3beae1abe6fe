//! `stepback show --graph`: the machine drawn, with what a run did in it or alone.

use super::Args;
use crate::analysis::Programs;
use crate::analysis::graph::{Course, Focus, Graph};
use crate::asl::{Definition, Format, MachineKind, Severity};
use crate::cli::target::Name;
use crate::cli::why::one_or_list;
use crate::cli::{Failure, Output, Verdict, template};
use crate::history::{Family, MemberId};
use crate::recording::{MachineType, Recording, Status};
use crate::report;
use crate::source::{self, Opened};
use serde_json::Value;

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(machine) = args.template.machine(args.subject.target.path(), Some(&mut *output))? {
        let file = &args.subject.target.to_string();
        let found = source::Definition { text: template::text(file, &machine)?.into_bytes().into(), machine: None };
        print(args, &[(alone(file, &found)?, None)], output)?;
        return Ok(Verdict::Fine);
    }
    if let Some(found) = definition(&args.subject.target) {
        print(args, &[(alone(&args.subject.target.to_string(), &found)?, None)], output)?;
        return Ok(Verdict::Fine);
    }
    let recordings = args.subject.recordings(output)?;
    let graphs: Vec<_> = recordings.iter().map(|recording| (drawn(recording), Some(recording.label()))).collect();
    print(args, &graphs, output)?;
    let failed = |recording: &Recording| {
        let status = Family::of(recording).member(MemberId::ROOT).status();
        matches!(status, Status::Failed | Status::TimedOut | Status::Aborted)
    };
    Ok(if recordings.iter().any(failed) { Verdict::Finding } else { Verdict::Fine })
}

/// A definition is nothing to the other forms of this command, which need a run.
fn definition(name: &Name) -> Option<source::Definition> {
    if name.is_stdin() {
        return None;
    }
    match source::open(name.path()) {
        Ok(Opened::Definition(found)) => Some(found),
        _ => None,
    }
}

fn alone(file: &str, found: &source::Definition) -> Result<(Graph, Course), Failure> {
    let described = found.machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
    let express = described == Some(&MachineType::Express);
    let text = String::from_utf8_lossy(&found.text);
    let definition = Definition::read(text.clone(), Format::of_text(&text));
    let kinds = if express { vec![MachineKind::Express] } else { vec![MachineKind::Standard, MachineKind::Express] };
    // A definition alone does not say which type its machine will be of; either is good enough to be drawn.
    let parsed: Vec<_> = kinds.into_iter().map(|kind| definition.parse(kind)).collect();
    let machine = parsed.iter().find_map(|(machine, _)| machine.as_ref()).ok_or_else(|| {
        let findings = parsed.first().map(|(_, findings)| findings.as_slice()).unwrap_or_default();
        let error = findings.iter().find(|finding| finding.severity == Severity::Error);
        let told = error.map(|error| format!("{}: {}", error.code, error.message)).unwrap_or_default();
        Failure::input(format!("AWS would refuse the definition in '{file}': {told}."))
            .hint(format!("'stepback check {file}' shows where."))
    })?;
    let graph = Graph::of_machine(machine);
    let course = Course::none(&graph);
    Ok((graph, course))
}

/// Returns the graph of a recording and what the run did in it.
pub(crate) fn drawn(recording: &Recording) -> (Graph, Course) {
    let family = Family::of(recording);
    let graph = Graph::of(&family, &Programs::of(recording, &family));
    let course = Course::of(&graph, &family, &Focus::default());
    (graph, course)
}

fn print(args: &Args, graphs: &[((Graph, Course), Option<String>)], output: &mut Output) -> Result<(), Failure> {
    if args.json {
        let answers: Vec<Value> =
            graphs.iter().map(|((graph, course), _)| report::graph::graph_json(graph, course)).collect();
        return output.json(&one_or_list(answers));
    }
    let paper = args.layout.paper(output);
    for (number, ((graph, course), label)) in graphs.iter().enumerate() {
        if number > 0 {
            output.line("")?;
        }
        if let Some(label) = label.as_ref().filter(|_| graphs.len() > 1) {
            output.line(report::shown(label))?;
        }
        report::graph::graph(graph, course, paper).into_iter().try_for_each(|line| output.line(line))?;
    }
    Ok(())
}
