//! From a recorded document to the documents before it.

use super::derived::Derived;
use super::expression::Root;
use super::scene::Scene;
use super::state::{self, Leaving};
use super::{Document, Gap, Making, Origin, Spot, Story, What, map};
use crate::asl::StateKind;
use crate::asl::state::Fail;
use crate::event::{Details, EventId, Failure, StateType};
use crate::history::{Link, MemberId, Outcome, Place, ScopeId, VisitId};
use crate::interpreter::data::{self, Environment, error_object};
use crate::interpreter::{Fault, matches};
use crate::json::Payload;
use crate::json::diff::{At, Step};
use crate::query::FixedSources;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

/// The most children whose outputs are told as what a whole result was collected of.
const COLLECTED: usize = 40;

/// Who a caught failure came from.
enum Failed<'a> {
    /// The event that carries it.
    Event(EventId),
    /// A Fail state, whose failure no event carries.
    State(Box<Scene<'a>>, &'a Fail),
}

impl<'a> Story<'a> {
    /// Says what a place in a document is made of.
    pub(super) fn derive(self, spot: &Spot) -> Derived<Document> {
        let Spot { document: Document { member, event, what }, at } = spot;
        let history = self.history(*member);
        let Some(details) = history.event(*event).map(|event| &event.details) else {
            return Derived::gap(Gap::NotRecorded);
        };
        match (what, details) {
            (What::Input, Details::ExecutionStarted(_)) => self.execution_input(*member, at),
            (What::Input, Details::StateEntered(_)) => self.state_input(*member, *event, at),
            (What::Input, _) => self.in_visit(*member, *event, |scene| state::call(scene, at)),
            (What::Output, Details::StateExited(_)) => self.left(*member, *event, Leaving::Output, at),
            (What::Variable(name), _) => self.left(*member, *event, Leaving::Variable(name), at),
            (What::Output, Details::Output(_)) if history.lineage(*event).is_none_or(|it| it.attempt.is_none()) => {
                match history.scope(ScopeId::ROOT).visits.last().and_then(|last| history.visit(*last).ended) {
                    Some(exit) => Derived::place(Document::new(*member, exit, What::Output), at.clone()),
                    None => Derived::gap(Gap::NotRecorded),
                }
            }
            (What::Output, _) => self.answer(*member, *event, at),
            (What::Failure, _) => self.failure(*member, *event, at),
        }
    }

    /// Evaluates something in the visit an event belongs to, and goes on to the documents that visit saw.
    fn in_visit(
        self,
        member: MemberId,
        event: EventId,
        derive: impl FnOnce(&Scene<'a>) -> Derived<Root>,
    ) -> Derived<Document> {
        let Some(visit) = self.history(member).visit_of(event) else { return Derived::gap(Gap::NotRecorded) };
        match Scene::of(self, member, visit) {
            Ok(scene) => derive(&scene).then(|root, at| self.seen(&scene, root, at)),
            Err(gap) => Derived::gap(gap),
        }
    }

    /// The execution's input: given from outside, by the task that started it, or by the Map it is a child of.
    fn execution_input(self, member: MemberId, at: &At) -> Derived<Document> {
        match self.family.member(member).link {
            Link::Root | Link::Nested { task: None, .. } | Link::Item { map: None, .. } => {
                Derived::origin(Origin::ExecutionInput)
            }
            Link::Nested { parent, task: Some((_, attempt)) } => {
                let scheduled = self.history(parent).attempt(attempt).scheduled;
                let at = At(vec![Step::Member("Input".into())]).join(&at.0);
                Derived::place(Document::new(parent, scheduled, What::Input), at)
            }
            Link::Item { parent, map } => match map.map(|map| Scene::of(self, parent, map)) {
                Some(Ok(scene)) => self.child_input(&scene, member, at),
                Some(Err(gap)) => Derived::gap(gap),
                None => Derived::origin(Origin::ExecutionInput),
            },
        }
    }

    /// The input of a child execution of a distributed Map.
    fn child_input(self, scene: &Scene<'a>, child: MemberId, at: &At) -> Derived<Document> {
        let derived = match map::has_batches(scene) {
            false => self.item_of(scene, child, 0).map(|index| map::input(scene, index, at)),
            true => match at.0.as_slice() {
                [Step::Member(name), Step::Item(number), rest @ ..] if **name == *"Items" => {
                    self.item_of(scene, child, *number).map(|index| map::input(scene, index, &At(rest.to_vec())))
                }
                [Step::Member(name), rest @ ..] if **name == *"BatchInput" => {
                    Some(map::batch_input(scene, &At(rest.to_vec())))
                }
                _ => Some(Derived::origin(Origin::MapRun)),
            },
        };
        derived
            .map_or_else(|| Derived::gap(Gap::NotFound), |derived| derived.then(|root, at| self.seen(scene, root, at)))
    }

    /// Returns which item a child was given, or the item of that number in its batch. Histories do not tell: it is the
    /// one whose value it has, and of equal ones the one in its place.
    fn item_of(self, scene: &Scene<'a>, child: MemberId, number: usize) -> Option<usize> {
        let place = self.family.items_of(scene.member, scene.visit).position(|other| other == child)?;
        if map::has_reader(scene) {
            return Some(place);
        }
        let given = self.family.member(child).input()?.value().ok()?;
        let given = if map::has_batches(scene) { given.get("Items")?.get(number)? } else { given };
        let inputs = map::inputs(scene)?;
        let is_given = |input: &Payload| input.value().is_ok_and(|input| input == given);
        if inputs.get(place).is_some_and(is_given) && !map::has_batches(scene) {
            return Some(place);
        }
        inputs.iter().position(is_given)
    }

    /// The input of a state: what the state before handed on, or what its scope was begun with.
    fn state_input(self, member: MemberId, event: EventId, at: &At) -> Derived<Document> {
        let history = self.history(member);
        let Some(visit) = history.visit_of(event).map(|visit| history.visit(visit)) else {
            return Derived::gap(Gap::NotRecorded);
        };
        if let Some(previous) = visit.previous {
            return match history.visit(previous).ended {
                Some(exit) => Derived::place(Document::new(member, exit, What::Output), at.clone()),
                None => Derived::gap(Gap::NotRecorded),
            };
        }
        let scene = |of: VisitId| Scene::of(self, member, of);
        match history.scope(visit.scope).place {
            Place::Root => Derived::place(Document::new(member, EventId::FIRST, What::Input), at.clone()),
            Place::Branch { of, .. } => match scene(of) {
                Ok(scene) => state::call(&scene, at).then(|root, at| self.seen(&scene, root, at)),
                Err(gap) => Derived::gap(gap),
            },
            Place::Iteration { of, index, .. } => match scene(of) {
                Ok(scene) => {
                    let index = usize::try_from(index).unwrap_or(usize::MAX);
                    map::input(&scene, index, at).then(|root, at| self.seen(&scene, root, at))
                }
                Err(gap) => Derived::gap(gap),
            },
        }
    }

    /// What left a state: through its catcher when one took over.
    fn left(self, member: MemberId, exit: EventId, leaving: Leaving<'_>, at: &At) -> Derived<Document> {
        let history = self.history(member);
        let Some(visit) = history.visit_of(exit) else { return Derived::gap(Gap::NotRecorded) };
        let scene = match Scene::of(self, member, visit) {
            Ok(scene) => scene,
            Err(gap) => return Derived::gap(gap),
        };
        let derived = match history.visit(visit).outcome {
            Outcome::Caught { .. } => match self.caught(&scene) {
                Some((_, number, error)) => state::caught(&scene, number, &error, leaving, at),
                None => Derived::gap(Gap::NotFound),
            },
            _ => {
                let result = self.result(&scene);
                if has_work(&scene) && result.is_none() {
                    return Derived::gap(Gap::NotRecorded);
                }
                state::exit(&scene, result.as_deref(), leaving, at)
            }
        };
        derived.then(|root, at| self.seen(&scene, root, at))
    }

    /// The failure a state was left by, the number of its catcher, and what that one saw.
    fn caught(self, scene: &Scene<'a>) -> Option<(Failed<'a>, usize, Value)> {
        let (failed, failure) = self.failed(scene)?;
        let history = self.history(scene.member);
        let outcome = history.visit(scene.visit).outcome;
        let fault =
            Fault { missed_heartbeat: outcome.failure().is_some_and(|event| history.missed_heartbeat(event)), failure };
        let next = history.visit(scene.visit).next.map(|next| &history.visit(next).name);
        let mut catchers = scene.state.catchers().iter().enumerate();
        let (number, _) = catchers.find(|(_, catcher)| {
            matches(&catcher.error_equals, &fault) && next.is_none_or(|next| *next == catcher.next.name)
        })?;
        Some((failed, number, error_object(&fault.failure)))
    }

    /// The failure a state was left by: its own, or the one it began with deep inside. That of a Fail state is carried
    /// by no event when something around it catches it.
    fn failed(self, scene: &Scene<'a>) -> Option<(Failed<'a>, Failure)> {
        let history = self.history(scene.member);
        let origin = history.event(history.visit(scene.visit).outcome.failure()?);
        let own = history.events_of(scene.visit).filter(|event| event.details.failure().is_some()).last();
        let told = || own.into_iter().chain(origin).filter_map(|event| Some((event.id, event.details.failure()?)));
        let named = told().find(|(_, failure)| failure.error.is_some());
        if let (None, Some(origin)) = (named, origin)
            && let Some(visit) = history.visit_of(origin.id)
            && let Ok(inner) = Scene::of(self, scene.member, visit)
            && let StateKind::Fail(fail) = &inner.state.kind
        {
            let environment = Environment { context: &inner, variables: &inner, sources: &FixedSources };
            let failure = data::fail(fail, environment, history.input(visit)?, &mut ()).ok()?;
            return Some((Failed::State(Box::new(inner), fail), failure));
        }
        let (event, failure) = named.or_else(|| told().next())?;
        Some((Failed::Event(event), failure.clone()))
    }

    /// The result of a state's work.
    fn result(self, scene: &Scene<'a>) -> Option<Cow<'a, Value>> {
        let history = self.history(scene.member);
        match &scene.state.kind {
            StateKind::Task(_) => {
                self.answered(scene).and_then(|event| Document::new(scene.member, event, What::Output).value(self))
            }
            StateKind::Parallel(_) => {
                let outputs = self.branches(scene).into_iter().map(|exit| self.output(scene.member, exit?).cloned());
                outputs.collect::<Option<Vec<_>>>().map(|outputs| Cow::Owned(Value::Array(outputs)))
            }
            StateKind::Map(_) if history.visit(scene.visit).map_run_arn.is_none() => {
                let outputs = self.iterations(scene).into_iter().map(|exit| self.output(scene.member, exit?).cloned());
                outputs.collect::<Option<Vec<_>>>().map(|outputs| Cow::Owned(Value::Array(outputs)))
            }
            StateKind::Map(_) => self.map_run_result(scene).map(Cow::Owned),
            _ => None,
        }
    }

    /// The children of a Map Run in the order of their items. Histories do not tell it: where items are state data, a
    /// child is the one of the item it was given; where they were read, children are told apart by when they began.
    fn children_in_order(self, scene: &Scene<'a>) -> Vec<MemberId> {
        let mut children: Vec<MemberId> = self.family.items_of(scene.member, scene.visit).collect();
        let given = if map::has_batches(scene) { None } else { map::inputs(scene) };
        let Some(given) = given else {
            children.sort_by_key(|child| self.history(*child).started_at().map(|at| at.as_micros()));
            return children;
        };
        let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, input) in given.iter().enumerate() {
            free.entry(canonical(input)).or_default().push_back(index);
        }
        children.sort_by_cached_key(|child| {
            let input = self.family.member(*child).input().map(canonical);
            input.and_then(|input| free.get_mut(&input)?.pop_front()).unwrap_or(usize::MAX)
        });
        children
    }

    /// The outputs of a Map Run's children, in the order of their items as far as that is known.
    fn map_run_result(self, scene: &Scene<'a>) -> Option<Value> {
        let outputs = self.children_in_order(scene).into_iter().map(|child| {
            let end = self.history(child).end()?;
            end.details.output().and_then(|output| output.value().ok()).cloned()
        });
        let outputs: Option<Vec<Value>> = outputs.collect();
        outputs.filter(|outputs| !outputs.is_empty()).map(Value::Array)
    }

    fn output(self, member: MemberId, exit: EventId) -> Option<&'a Value> {
        self.history(member).event(exit)?.details.output()?.value().ok()
    }

    /// The event that carries the answer of a visit's task.
    fn answered(self, scene: &Scene<'_>) -> Option<EventId> {
        let history = self.history(scene.member);
        let attempts = history.visit(scene.visit).attempts.iter().rev();
        attempts.map(|attempt| history.attempt(*attempt)).find_map(|attempt| {
            attempt.ended.filter(|ended| history.event(*ended).is_some_and(|event| event.details.output().is_some()))
        })
    }

    /// The exits that gave each branch of a Parallel its output, in the order of the definition.
    fn branches(self, scene: &Scene<'_>) -> Vec<Option<EventId>> {
        let StateKind::Parallel(parallel) = &scene.state.kind else { return Vec::new() };
        let history = self.history(scene.member);
        let visit = history.visit(scene.visit);
        let last = visit.attempts.last().copied();
        let machine = &scene.program().machine;
        let exit_of = |branch: &crate::asl::ScopeId| {
            let first = &machine[machine[*branch].start_at].name;
            let scope = visit.children.iter().rev().map(|scope| history.scope(*scope)).find(|scope| {
                let begins = scope.visits.first().map(|visit| &history.visit(*visit).name);
                scope.attempt() == last && begins == Some(first)
            })?;
            history.visit(*scope.visits.last()?).ended
        };
        parallel.branches.iter().map(exit_of).collect()
    }

    /// The exits that gave each iteration of an inline Map its output.
    fn iterations(self, scene: &Scene<'_>) -> Vec<Option<EventId>> {
        let history = self.history(scene.member);
        let Some(last) = history.visit(scene.visit).attempts.last() else { return Vec::new() };
        let exit_of = |index: u64| {
            let scope = history.scope(history.iteration(scene.visit, index)?);
            history.visit(*scope.visits.last()?).ended
        };
        (0..history.items_of(scene.visit, *last)).map(exit_of).collect()
    }

    /// The document that a state's expressions called so.
    fn seen(self, scene: &Scene<'a>, root: Root, at: At) -> Derived<Document> {
        let document = |event, what| Document::new(scene.member, event, what);
        match root {
            Root::Input => Derived::place(scene.input_document(), at),
            Root::Variable(name) => match scene.assigned(&name) {
                Some(exit) => Derived::place(document(exit, What::Variable(name)), at),
                None => Derived::gap(Gap::NotRecorded),
            },
            Root::Error => match self.caught(scene) {
                Some((Failed::Event(event), ..)) => Derived::place(document(event, What::Failure), at),
                Some((Failed::State(inner, fail), ..)) => {
                    state::failure(&inner, fail, &at).then(|root, at| self.seen(&inner, root, at))
                }
                None => Derived::gap(Gap::NotFound),
            },
            Root::Context => self.in_context(scene, &at),
            Root::Result => match &scene.state.kind {
                StateKind::Task(_) => match self.answered(scene) {
                    Some(event) => Derived::place(document(event, What::Output), at),
                    None => Derived::gap(Gap::NotRecorded),
                },
                StateKind::Parallel(_) => collected(scene.member, &self.branches(scene), &at),
                _ if self.history(scene.member).visit(scene.visit).map_run_arn.is_some() => self.of_map_run(scene, &at),
                _ => collected(scene.member, &self.iterations(scene), &at),
            },
        }
    }

    /// A place in the context object.
    fn in_context(self, scene: &Scene<'a>, at: &At) -> Derived<Document> {
        let input = ["Execution", "Input"].map(|name| Step::Member(name.into()));
        if let Some(rest) = at.0.strip_prefix(input.as_slice()) {
            return Derived::place(Document::new(scene.member, EventId::FIRST, What::Input), At(rest.to_vec()));
        }
        if let Some(rest) = at.0.strip_prefix(map::in_item("Value").as_slice()) {
            return self.item_around(scene, &At(rest.to_vec()));
        }
        Derived::origin(Origin::Context(at.to_string().replacen('$', "$$", 1)))
    }

    /// The item of the iteration a state stands in.
    fn item_around(self, scene: &Scene<'a>, at: &At) -> Derived<Document> {
        let history = self.history(scene.member);
        let scopes = history.scopes_above(history.visit(scene.visit).scope);
        let around = scopes.map(|scope| history.scope(scope).place).find_map(|place| match place {
            Place::Iteration { of, index, .. } => Some((of, usize::try_from(index).unwrap_or(usize::MAX))),
            _ => None,
        });
        let (map, index) = match (around, self.family.member(scene.member).link) {
            (Some((map, index)), _) => (Scene::of(self, scene.member, map), Some(index)),
            (None, Link::Item { parent, map: Some(map) }) => {
                let map = Scene::of(self, parent, map);
                let index = map.as_ref().ok().and_then(|map| self.item_of(map, scene.member, 0));
                (map, index)
            }
            (None, _) => return Derived::gap(Gap::NotFound),
        };
        match (map, index) {
            (Ok(map), Some(index)) => map::item_value(&map, index, at).then(|root, at| self.seen(&map, root, at)),
            (Err(gap), _) => Derived::gap(gap),
            (Ok(_), None) => Derived::gap(Gap::NotFound),
        }
    }

    /// A place in the result of a distributed Map: the output of a child, found by its value.
    fn of_map_run(self, scene: &Scene<'a>, at: &At) -> Derived<Document> {
        let children = self.children_in_order(scene);
        let ends = children.iter().map(|child| Some((*child, self.history(*child).end()?.id)));
        let ends: Option<Vec<_>> = ends.collect();
        let Some(ends) = ends.filter(|ends| !ends.is_empty()) else { return Derived::gap(Gap::NotRecorded) };
        let document = |(child, event): (MemberId, EventId)| Document::new(child, event, What::Output);
        match at.0.split_first() {
            Some((Step::Item(index), rest)) => match ends.get(*index) {
                Some(end) => Derived::place(document(*end), At(rest.to_vec())),
                None => Derived::gap(Gap::NotFound),
            },
            Some(_) => Derived::origin(Origin::MapRun),
            None => {
                let places = ends.into_iter().take(COLLECTED).map(|end| (document(end), At::default()));
                Derived::made(Making::Collected, places.collect())
            }
        }
    }

    /// What a task answered: of an execution it started, that one's data.
    fn answer(self, member: MemberId, event: EventId, at: &At) -> Derived<Document> {
        let history = self.history(member);
        let nested = history.attempt_of(event).and_then(|attempt| self.family.nested_in(member, attempt).next());
        let (Some(child), Some((Step::Member(name), rest))) = (nested, at.0.split_first()) else {
            return Derived::origin(Origin::Answer);
        };
        // `.sync` gives text, `.sync:2` JSON.
        let rest = At(rest.strip_prefix(&[Step::Decoded]).unwrap_or(rest).to_vec());
        let end = self.history(child).end();
        match (&**name, end) {
            ("Output", Some(end)) if end.details.output().is_some() => {
                Derived::place(Document::new(child, end.id, What::Output), rest)
            }
            ("Input", _) if self.history(child).execution_input().is_some() => {
                Derived::place(Document::new(child, EventId::FIRST, What::Input), rest)
            }
            _ => Derived::origin(Origin::Answer),
        }
    }

    /// An error or a cause: of what failed first, and of a Fail state what its fields say.
    fn failure(self, member: MemberId, event: EventId, at: &At) -> Derived<Document> {
        let history = self.history(member);
        let origin = history.origin(event);
        let failed = history.event(origin).and_then(|event| event.details.failure());
        if origin != event && failed.is_some_and(|failure| failure.error.is_some()) {
            return Derived::place(Document::new(member, origin, What::Failure), at.clone());
        }
        let visit = history.visit_of(origin);
        if let Some(visit) = visit.filter(|visit| history.visit(*visit).kind == StateType::Fail) {
            return match Scene::of(self, member, visit) {
                Ok(scene) => match &scene.state.kind {
                    StateKind::Fail(fail) => {
                        state::failure(&scene, fail, at).then(|root, at| self.seen(&scene, root, at))
                    }
                    _ => Derived::gap(Gap::NotEvaluated),
                },
                Err(gap) => Derived::gap(gap),
            };
        }
        self.nested_failure(member, event, at).unwrap_or_else(|| Derived::origin(Origin::Failure))
    }

    /// The cause of a failed `.sync` task describes the execution it waited for.
    fn nested_failure(self, member: MemberId, event: EventId, at: &At) -> Option<Derived<Document>> {
        let [Step::Member(cause), Step::Decoded, Step::Member(name), rest @ ..] = at.0.as_slice() else { return None };
        let attempt = self.history(member).attempt_of(event)?;
        let child = self.family.nested_in(member, attempt).next().filter(|_| **cause == *"Cause")?;
        let end = self.history(child).end()?;
        match &**name {
            "Error" | "Cause" if end.details.failure().is_some() => {
                let at = At(vec![Step::Member(name.clone())]).join(rest);
                Some(Derived::place(Document::new(child, end.id, What::Failure), at))
            }
            "Input" => {
                let rest = rest.strip_prefix(&[Step::Decoded]).unwrap_or(rest);
                Some(Derived::place(Document::new(child, EventId::FIRST, What::Input), At(rest.to_vec())))
            }
            _ => None,
        }
    }
}

/// The text of a payload without regard to how it was written.
fn canonical(payload: &Payload) -> String {
    payload.value().map_or_else(|_| payload.text().to_owned(), Value::to_string)
}

/// Tells whether a state has work done, so that its output is made of a result.
fn has_work(scene: &Scene<'_>) -> bool {
    matches!(scene.state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_))
}

/// A place in an array of outputs.
fn collected(member: MemberId, exits: &[Option<EventId>], at: &At) -> Derived<Document> {
    let document = |event: EventId| Document::new(member, event, What::Output);
    match at.0.split_first() {
        Some((Step::Item(index), rest)) => match exits.get(*index).copied().flatten() {
            Some(exit) => Derived::place(document(exit), At(rest.to_vec())),
            None => Derived::gap(Gap::NotRecorded),
        },
        Some(_) => Derived::gap(Gap::NotFound),
        None => {
            let places = exits.iter().copied().flatten().take(COLLECTED).map(|exit| (document(exit), At::default()));
            Derived::made(Making::Collected, places.collect())
        }
    }
}
