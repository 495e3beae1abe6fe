//! Variables that are read where they may not have been assigned.

use super::subject::Subject;
use crate::asl::graph::Reason;
use crate::asl::machine::{Container, Scope, StateId};
use crate::asl::node::Node;
use crate::asl::references::{self, Reader};
use crate::asl::state::{MapMode, State, StateKind};
use std::collections::{HashMap, HashSet};

/// Functions of JSONata and of Step Functions, which may be passed on by name like a variable.
const FUNCTIONS: &str = " abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl \
    decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase \
    formatInteger formatNumber fromMillis hash join keys length lookup lowercase map match max merge millis min not now \
    number pad parse parseInteger partition power random range reduce replace reverse round shuffle sift single sort \
    split spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase uuid zip ";

/// `POSSIBLY_UNDEFINED_VARIABLE` (AWS's): on some way to this state the variable is not assigned in a scope the state
/// can see.
pub(super) fn check(subject: &mut Subject<'_>) {
    let mut names = Names::default();
    let states = subject.states();
    let assigned: Vec<Assigned> = states.iter().map(|(_, node)| Assigned::of(node, &mut names)).collect();
    let by_state: HashMap<StateId, Assigned> = states.iter().map(|(state, _)| state.id).zip(assigned).collect();
    let before = before_each(subject, &by_state);
    for (state, node) in states {
        let known = before.get(state.id.index()).and_then(Option::as_ref);
        let is_known = |name: &str| {
            let number = names.numbers.get(name);
            let given = number.is_some_and(|number| known.is_none_or(|known| known.contains(number)));
            given || FUNCTIONS.contains(&format!(" {name} "))
        };
        if state.variable_references.iter().any(|name| !is_known(name)) {
            for reader in references::readers(node, state.language) {
                for name in reader.names.iter().filter(|name| !is_known(name)) {
                    report(subject, state, &reader, name, names.numbers.contains_key(name));
                }
            }
        }
    }
}

fn report(subject: &mut Subject<'_>, state: &State, reader: &Reader<'_>, name: &str, elsewhere: bool) {
    let location = format!("{}{}", state.place.pointer, reader.location);
    let message = format!("Variable '{name}' is possibly not defined.");
    subject.warn("POSSIBLY_UNDEFINED_VARIABLE", location, reader.node.span, message);
    subject.as_aws();
    subject.hint(if elsewhere {
        "It is assigned elsewhere: after this state, on another way, or in a branch or iteration, whose variables are \
         forgotten when it ends."
    } else {
        "No state assigns it."
    });
}

/// Numbers for names, so that sets of them are small.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, usize>,
}

impl Names {
    fn keys(&mut self, assign: Option<&Node>) -> Vec<usize> {
        let members = assign.and_then(Node::members).unwrap_or_default();
        let names = members.iter().map(|member| member.key.strip_suffix(".$").unwrap_or(&member.key));
        names
            .map(|name| {
                let next = self.numbers.len();
                *self.numbers.entry(name.to_owned()).or_insert(next)
            })
            .collect()
    }
}

/// The variables a state assigns, by the way it is left.
struct Assigned {
    own: Vec<usize>,
    rules: Vec<Vec<usize>>,
    catchers: Vec<Vec<usize>>,
}

impl Assigned {
    fn of(state: &Node, names: &mut Names) -> Self {
        let mut of_list = |field: &str| {
            let list = state.get(field).and_then(Node::items).unwrap_or_default();
            list.iter().map(|entry| names.keys(entry.get("Assign"))).collect()
        };
        let (rules, catchers) = (of_list("Choices"), of_list("Catch"));
        Self { own: names.keys(state.get("Assign")), rules, catchers }
    }

    fn along(&self, reason: Reason) -> &[usize] {
        match reason {
            Reason::Next | Reason::Default => &self.own,
            Reason::Choice(number) => self.rules.get(number).map_or(&[], Vec::as_slice),
            Reason::Catch(number) => self.catchers.get(number).map_or(&[], Vec::as_slice),
        }
    }
}

/// Finds what is assigned on every way to a state; nothing of states that no way leads to. Containers come before what
/// they contain.
fn before_each(subject: &Subject<'_>, assigned: &HashMap<StateId, Assigned>) -> Vec<Option<HashSet<usize>>> {
    let mut before: Vec<Option<HashSet<usize>>> = vec![None; subject.machine.states().len()];
    for (_, scope) in subject.machine.scopes() {
        let mut open = vec![(scope.start_at, inherited(subject, scope, &before))];
        while let Some((id, arriving)) = open.pop() {
            let Some(slot) = before.get_mut(id.index()) else { continue };
            let known = match slot {
                Some(known) => {
                    let count = known.len();
                    known.retain(|name| arriving.contains(name));
                    if known.len() == count {
                        continue;
                    }
                    known
                }
                None => slot.insert(arriving),
            };
            let known = known.clone();
            for edge in subject.graph.from(id) {
                let mut leaving = known.clone();
                leaving.extend(assigned.get(&id).into_iter().flat_map(|own| own.along(edge.reason)));
                open.push((edge.to, leaving));
            }
        }
    }
    before
}

/// Branches and inline iterations see the variables around them; child executions see none.
fn inherited(subject: &Subject<'_>, scope: &Scope, before: &[Option<HashSet<usize>>]) -> HashSet<usize> {
    let Some(container) = scope.container else {
        return HashSet::new();
    };
    let outer = container.state();
    if let (Container::Processor(_), StateKind::Map(map)) = (container, &subject.machine[outer].kind)
        && matches!(map.mode, MapMode::Distributed(_))
    {
        return HashSet::new();
    }
    before.get(outer.index()).and_then(Clone::clone).unwrap_or_default()
}
