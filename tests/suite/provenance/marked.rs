//! A value that is unlike any other is put into an input or an answer of a machine made at random: wherever it turns
//! up, the way back ends where it was put.

use super::{Run, leaves};
use crate::random_machines::random_definition;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use stepback::analysis::provenance::{Origin, Step, trace, uses};

const GIVEN: &str = "marked: given to the execution";
const ITEM: &str = "marked: an item";
const ANSWERED: &str = "marked: answered by a task";

/// Puts the mark into every answer.
fn mark_answers(answers: &mut Map<String, Value>) {
    for entry in answers.values_mut().flat_map(|entries| entries.as_array_mut().unwrap()) {
        if let Some(result) = entry.get_mut("result") {
            result["mark"] = json!(ANSWERED);
        }
    }
}

proptest! {
    #![proptest_config(crate::random_machines::repeatable(100))]

    #[test]
    fn a_marked_value_is_followed_to_where_it_was_put(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (definition, mut answers) = random_definition(&bytes);
        mark_answers(&mut answers);
        let input = json!({ "a": { "b": GIVEN }, "items": [1, { "b": ITEM }, "c"] });
        let Some(run) = Run::made(&definition, &input, &Value::Object(answers)) else { return Ok(()) };
        // A Choice that leads back to itself runs until the history is full; that is one way, told very often.
        prop_assume!(run.family.root().events().len() < 200);
        for document in run.documents() {
            let Some(value) = document.value(run.story()) else { continue };
            for at in leaves(&value) {
                let Some(Value::String(found)) = at.find(&value).map(std::borrow::Cow::into_owned) else { continue };
                let expected = match found.as_str() {
                    GIVEN | ITEM => Origin::ExecutionInput,
                    ANSWERED => Origin::Answer,
                    _ => continue,
                };
                let trace = trace(run.story(), document.clone().at(at.clone()));
                let last = trace.hops.last().unwrap();
                prop_assert_eq!(&last.step, &Step::Origin(expected), "{} {:?} {}", &at, &document, &definition);
                prop_assert_eq!(last.value.as_ref(), Some(&json!(found)));
                prop_assert!(trace.hops.iter().rev().skip(1).all(|hop| hop.step == Step::Copied));
                // And forward again: whoever made it was used by everybody on the way.
                let forward = uses(run.story(), &last.spot);
                for hop in trace.hops.iter().rev().skip(1) {
                    let told = forward.uses.iter().any(|used| used.spot == hop.spot);
                    prop_assert!(told || forward.cut, "{:?} from {:?} in {}", &hop.spot, &last.spot, &definition);
                }
            }
        }
    }
}
