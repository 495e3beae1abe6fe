//! Stages and reasons, in the words of the command line.

use crate::analysis::{Explanation, Flow, NoProgram, Scene};
use crate::report::{self, Entry};

pub(super) fn flow(scene: &Scene<'_>) -> Result<Vec<Entry>, NoProgram> {
    Ok(report::flow_entries(&Flow::of(scene)?))
}

pub(super) fn explain(scene: &Scene<'_>) -> Result<Vec<Entry>, NoProgram> {
    Ok(report::explain_entries(&Explanation::of(scene)?))
}
