//! All that is fetched together: an execution, those it started, those they started. Decides what to ask next and takes
//! in what comes back; asks nobody itself, and knows no clock.

use super::super::{AwsError, Children, ErrorKind, Operation};
use super::Fetched;
use super::ends::Ends;
use super::node::{Node, NodeId, Parent, Run, has_distributed_map};
use super::question::{Answer, Asking, Question};
use crate::event::Timestamp;
use crate::recording::{Execution, Recording};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// Executions nested deeper than this are left alone; recordings are not read deeper either.
const DEPTH: usize = 30;

/// What is there of an execution and those it started, and what is still to be asked.
#[derive(Debug)]
pub(super) struct Gathering {
    nodes: Vec<Node>,
    children: Children,
    cache: bool,
    /// Asked before anything else: the execution itself, and those that failed.
    urgent: VecDeque<Asking>,
    later: VecDeque<Asking>,
    known: HashSet<Arc<str>>,
    troubles: Vec<AwsError>,
}

impl Gathering {
    /// Nothing but the name of an execution, and perhaps events that are there from an earlier time.
    pub(super) fn new(arn: &str, children: Children, cache: bool, known: Option<&Recording>) -> Self {
        let mut gathering = Self {
            nodes: vec![Node::new(arn, Parent::None, 0)],
            children,
            cache,
            urgent: VecDeque::new(),
            later: VecDeque::new(),
            known: HashSet::from([Arc::from(arn)]),
            troubles: Vec::new(),
        };
        if let Some(known) = known {
            gathering.node_mut(NodeId::ROOT).history = Some(Ends::new(Some(known.events.clone())));
            gathering.begin(NodeId::ROOT);
        } else {
            gathering.look_up(NodeId::ROOT);
        }
        gathering
    }

    /// Takes the next question, the most useful one first.
    pub(super) fn next(&mut self) -> Option<Asking> {
        self.urgent.pop_front().or_else(|| self.later.pop_front())
    }

    /// Takes in an answer.
    pub(super) fn take(&mut self, asking: &Asking, answer: Result<Answer, AwsError>) {
        let id = asking.node;
        match answer {
            Ok(Answer::Cached(cached)) => self.cached(id, cached),
            Ok(Answer::Execution(execution)) => self.described(id, *execution),
            Ok(Answer::Machine(machine)) => match self.node(id).parent {
                Parent::MapRun { node, run } => {
                    if let Some(run) = self.run_mut(node, run) {
                        run.machine = Some(*machine);
                    }
                }
                Parent::None | Parent::Task => {
                    self.node_mut(id).machine = Some(*machine);
                    self.look_further(id);
                }
            },
            Ok(Answer::History(page)) => {
                if let (Question::History { order, .. }, Some(history)) =
                    (&asking.question, self.node_mut(id).history.as_mut())
                {
                    history.answered(*order, page);
                }
                self.go_on(id);
            }
            Ok(Answer::MapRuns(page)) => {
                let before = self.node(id).runs.len();
                for run in page.items {
                    if let Some(arn) = &run.map_run_arn {
                        self.add_run(id, arn);
                    }
                }
                match page.next {
                    Some(_) if self.node(id).runs.len() == before && asking.is_later_page() => {
                        self.note(id, "The list of map runs goes round in a circle.");
                    }
                    Some(next) => self.ask_later(id, Question::MapRuns { page: Some(next) }),
                    None => {}
                }
            }
            Ok(Answer::MapRun(described)) => {
                if let Question::MapRun { run } = asking.question
                    && let Some(run) = self.run_mut(id, run)
                {
                    run.described = Some(*described);
                }
            }
            Ok(Answer::Items(page)) => {
                let Question::Items { run, .. } = asking.question else { return };
                let before = self.nodes.len();
                page.items.into_iter().for_each(|item| self.add_item(id, run, item));
                match page.next {
                    // Pages that go round in a circle would never end.
                    Some(_) if self.nodes.len() == before && asking.is_later_page() => {
                        self.note(id, "The list of the map run's executions goes round in a circle.");
                    }
                    Some(next) => self.ask_later(id, Question::Items { run, page: Some(next) }),
                    None => {}
                }
            }
            Err(error) => self.failed(asking, error),
        }
    }

    /// Begins with an execution: by what the cache has, if there is one.
    fn look_up(&mut self, id: NodeId) {
        match self.cache {
            true => self.ask(id, Question::Cached),
            false => self.begin(id),
        }
    }

    fn cached(&mut self, id: NodeId, cached: Option<Box<Recording>>) {
        self.node_mut(id).cached = cached;
        let described = self.node(id).execution.is_some();
        match (self.node(id).cached.is_some(), described) {
            (true, false) => self.ask(id, Question::Execution),
            (true, true) => self.adopt_or_begin(id),
            (false, _) => self.begin(id),
        }
    }

    fn adopt_or_begin(&mut self, id: NodeId) {
        match self.node_mut(id).adopt_cached() {
            true => self.go_on(id),
            false => self.begin(id),
        }
    }

    /// Asks everything about an execution at once.
    fn begin(&mut self, id: NodeId) {
        let node = self.node_mut(id);
        node.history.get_or_insert_with(|| Ends::new(None));
        let (described, parent) = (node.execution.is_some(), node.parent);
        if !described {
            self.ask(id, Question::Execution);
        }
        match parent {
            Parent::None | Parent::Task => self.ask(id, Question::Machine),
            Parent::MapRun { node, run } => {
                if let Some(run) = self.run_mut(node, run)
                    && !std::mem::replace(&mut run.machine_asked, true)
                {
                    self.ask(id, Question::Machine);
                }
            }
        }
        self.go_on(id);
    }

    fn described(&mut self, id: NodeId, execution: Execution) {
        let node = self.node_mut(id);
        node.execution = Some(execution);
        if node.cached.is_some() {
            return self.adopt_or_begin(id);
        }
        // A nested execution is described first; whether its history is wanted depends on how it ended.
        if node.history.is_none() && !node.is_express() && self.wants_history(id) {
            return self.look_up(id);
        }
        self.go_on(id);
    }

    fn wants_history(&self, id: NodeId) -> bool {
        match self.children {
            Children::All => true,
            Children::Failed => self.node(id).failed(),
            Children::None => id == NodeId::ROOT,
        }
    }

    /// Asks for what is still missing of a history; when nothing is, looks at what it leads to.
    fn go_on(&mut self, id: NodeId) {
        let Some(history) = self.node_mut(id).history.as_mut() else { return };
        if !history.is_whole() {
            for (order, page) in history.take_wanted() {
                self.ask(id, Question::History { order, page });
            }
            return;
        }
        let node = self.node_mut(id);
        if node.execution.is_some() && !node.agrees_with_history() && !node.checked {
            return self.check(id);
        }
        self.look_further(id);
    }

    /// The execution ended between two answers: asks once more for the older of them.
    fn check(&mut self, id: NodeId) {
        let node = self.node_mut(id);
        node.checked = true;
        match (node.ended(), node.history.as_mut()) {
            (true, Some(history)) => {
                history.look_again();
                self.go_on(id);
            }
            _ => self.ask(id, Question::Execution),
        }
    }

    /// Looks for what an execution started, once its history and its definition are there.
    fn look_further(&mut self, id: NodeId) {
        let node = self.node(id);
        if self.children == Children::None || node.searched || node.depth >= DEPTH || !node.has_history() {
            return;
        }
        let runs = node.map_run_arns();
        // A history may lack the events of map runs, as those of emulators do; the definition tells that there are any.
        let machine = match node.parent {
            Parent::MapRun { .. } => None,
            _ => node.machine.as_ref().and_then(|machine| machine.definition.as_ref()),
        };
        let hidden = runs.is_empty() && machine.is_some_and(has_distributed_map);
        let nested = node.nested_arns();
        self.node_mut(id).searched = machine.is_some() || !runs.is_empty();
        runs.iter().for_each(|run| self.add_run(id, run));
        if hidden {
            self.ask_later(id, Question::MapRuns { page: None });
        }
        nested.iter().for_each(|arn| self.add_nested(id, arn));
    }

    fn add_nested(&mut self, id: NodeId, arn: &Arc<str>) {
        if !self.known.insert(Arc::clone(arn)) {
            return;
        }
        let child = self.add(Node::new(Arc::clone(arn), Parent::Task, self.node(id).depth + 1));
        self.node_mut(id).nested.push(child);
        if !self.node(child).is_express() {
            self.ask_later(child, Question::Execution);
        }
    }

    fn add_run(&mut self, id: NodeId, arn: &Arc<str>) {
        if !self.known.insert(Arc::clone(arn)) {
            return;
        }
        let runs = &mut self.node_mut(id).runs;
        runs.push(Run::new(Arc::clone(arn)));
        let run = runs.len() - 1;
        self.ask(id, Question::MapRun { run });
        self.ask(id, Question::Items { run, page: None });
    }

    fn add_item(&mut self, id: NodeId, run: usize, item: Execution) {
        let Some(arn) = item.execution_arn.clone().filter(|arn| self.known.insert(Arc::clone(arn))) else { return };
        let mut node = Node::new(arn, Parent::MapRun { node: id, run }, self.node(id).depth + 1);
        node.execution = Some(item);
        let (wanted, express) = (node.failed(), node.is_express());
        let child = self.add(node);
        if let Some(run) = self.run_mut(id, run) {
            run.items.push(child);
        }
        if !express && (wanted || self.children == Children::All) {
            self.look_up(child);
        }
    }

    fn failed(&mut self, asking: &Asking, error: AwsError) {
        let id = asking.node;
        if error.kind.is_of_caller() {
            self.urgent.clear();
            self.later.clear();
        }
        if let Question::History { order, .. } = asking.question
            && let Some(history) = self.node_mut(id).history.as_mut()
        {
            match error.kind {
                ErrorKind::PageExpired => {
                    history.expired(order);
                    return self.go_on(id);
                }
                _ => history.refused(order),
            }
        }
        self.note(id, &error.to_string());
        self.troubles.push(error);
        self.go_on(id);
    }

    fn note(&mut self, id: NodeId, note: &str) {
        let notes = &mut self.node_mut(id).notes;
        if notes.iter().all(|known| **known != *note) {
            notes.push(note.into());
        }
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// Asks about the execution itself, and about those that failed, before anything else.
    fn ask(&mut self, id: NodeId, question: Question) {
        let asking = self.asking(id, question);
        match id == NodeId::ROOT || self.node(id).failed() {
            true => self.urgent.push_back(asking),
            false => self.later.push_back(asking),
        }
    }

    fn ask_later(&mut self, id: NodeId, question: Question) {
        let asking = self.asking(id, question);
        self.later.push_back(asking);
    }

    fn asking(&self, id: NodeId, question: Question) -> Asking {
        let node = self.node(id);
        let arn = match question {
            Question::MapRun { run } | Question::Items { run, .. } => node.runs.get(run).map(|run| &run.arn),
            _ => None,
        };
        Asking { node: id, question, arn: arn.unwrap_or(&node.arn).to_string() }
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).expect("a node id is only made when its node is added")
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.nodes.get_mut(id.0).expect("a node id is only made when its node is added")
    }

    fn run_mut(&mut self, id: NodeId, run: usize) -> Option<&mut Run> {
        self.node_mut(id).runs.get_mut(run)
    }

    /// Returns the executions found so far.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Returns what is there, with what is missing said in notes.
    pub(super) fn recording(&self, at: Timestamp) -> Recording {
        self.recording_of(NodeId::ROOT, at)
    }

    fn recording_of(&self, id: NodeId, at: Timestamp) -> Recording {
        let node = self.node(id);
        let mut recording = node.recording(at);
        if let Parent::MapRun { node, run } = node.parent
            && recording.state_machine.is_none()
        {
            recording.state_machine = self.node(node).runs.get(run).and_then(|run| run.machine.clone());
        }
        recording.children = node.nested.iter().map(|child| self.recording_of(*child, at)).collect();
        recording.map_runs = node
            .runs
            .iter()
            .map(|run| run.recording(run.items.iter().map(|item| self.recording_of(*item, at)).collect()))
            .collect();
        recording
    }

    /// Returns what came of it: an error only when not even an event is there.
    pub(super) fn finish(self, at: Timestamp) -> Result<Fetched, AwsError> {
        let mut recording = self.recording(at);
        if recording.events.is_empty()
            && let Some(error) = self.worst()
        {
            return Err(error.clone());
        }
        let children = self.nodes.iter().skip(1).filter(|node| self.is_lacking(node)).count();
        if children > 0 {
            recording.recorded.complete = Some(false);
            recording.recorded.note(format!("Of {children} of the executions it started something is missing."));
        }
        let has_history = self.node(NodeId::ROOT).has_history();
        Ok(Fetched { recording, troubles: self.troubles, has_history })
    }

    /// Without a history it is the history's error that counts.
    fn worst(&self) -> Option<&AwsError> {
        let of_history = |error: &&AwsError| error.operation == Some(Operation::GetExecutionHistory);
        self.troubles.iter().find(of_history).or_else(|| self.troubles.first())
    }

    /// Tells whether something is missing of an execution that was asked for.
    fn is_lacking(&self, node: &Node) -> bool {
        !node.notes.is_empty() || node.history.as_ref().is_some_and(|history| !history.is_whole())
    }
}
