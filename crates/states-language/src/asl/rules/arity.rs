//! Calls of intrinsic functions with too few arguments or too many: AWS creates the machine, and the state fails.

use super::subject::Subject;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::Node;
use crate::query::intrinsic::Call;

/// `INTRINSIC_ARITY`.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        if state.language == QueryLanguage::JsonPath {
            walk(subject, node, &state.place.pointer);
        }
    }
}

fn walk(subject: &mut Subject<'_>, node: &Node, location: &str) {
    if let Some(call) = node.text().filter(|text| Call::is_meant(text)).and_then(|text| Call::compile(text).ok()) {
        for miscount in call.miscounts() {
            let message = format!("{miscount}: the state fails when it is run");
            subject.warn("INTRINSIC_ARITY", location.to_owned(), node.span, message);
        }
    }
    for member in node.members().unwrap_or_default() {
        // The states inside are asked by themselves, and a Comment is no call.
        if !matches!(&*member.key, "States" | "Branches" | "Iterator" | "ItemProcessor" | "Comment" | "Result") {
            walk(subject, &member.value, &format!("{location}/{}", member.key));
        }
    }
    for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
        walk(subject, item, &format!("{location}[{index}]"));
    }
}
