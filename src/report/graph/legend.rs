//! What the lines and signs of a picture mean.

use super::picture::Ink;
use super::signs::Signs;
use crate::analysis::Status;
use crate::analysis::graph::{Course, Graph};

/// Returns the signs and lines that occur in a picture, each with its meaning.
pub fn legend(graph: &Graph, course: &Course, signs: &Signs) -> Vec<(Ink, &'static str, &'static str)> {
    let mut entries = Vec::new();
    let stands = |status| graph.nodes().any(|(id, _)| course.standing(id).status == Some(status));
    let all = [
        Status::Succeeded,
        Status::Failed,
        Status::TimedOut,
        Status::Caught,
        Status::Aborted,
        Status::Lost,
        Status::Running,
        Status::Waiting,
    ];
    for status in all.into_iter().filter(|status| stands(*status)) {
        entries.push((Ink::Status(status), signs.of(status), status.word()));
    }
    let ran = !course.is_empty();
    if ran {
        entries.push((Ink::Path, if signs.unicode { "━" } else { "=" }, "taken"));
    }
    if graph.links().any(|(_, link)| link.catches) {
        entries.push((Ink::Faint, if signs.unicode { "╌" } else { "." }, "catch"));
    }
    entries
}
