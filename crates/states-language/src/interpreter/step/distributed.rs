//! Map as a Map Run: items go to child executions with histories of their own.

use crate::asl::state::{Distributed, Map, MapMode};
use crate::asl::{Machine, StateId, StateKind};
use crate::event::{Details, EventId, EventType, Failure};
use crate::interpreter::chance::Chance;
use crate::interpreter::data::{self, DistributedConfig, Item};
use crate::interpreter::error::StateError;
use crate::interpreter::execution::{Asked, Execution};
use crate::interpreter::flow::{Container, FlowId};
use crate::interpreter::here::Here;
use crate::interpreter::map_run::{Child, Destination, MapRun, Phase, Reading, ReadingStep};
use crate::interpreter::need::{Need, Read, ReadRequest, RequestId};
use crate::json::Payload;
use crate::query::Sources as _;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many children a Map Run has at once at most.
const MAX_CHILDREN: u64 = 10_000;

/// What a Map Run is given, evaluated.
struct Plan {
    input: Payload,
    limit: u64,
    items: Option<Vec<Item>>,
}

impl Execution {
    pub(in crate::interpreter) fn start_map_run(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        map: &Map,
        distributed: &Distributed,
        parent: EventId,
        raw: &Payload,
    ) {
        let plan = self.evaluate(here, None, |environment, inspect| {
            let input = data::map_input(map, environment, raw, inspect)?;
            let limit = data::max_concurrency(map, environment, &input)?;
            let items = match &distributed.reader {
                None => Some(data::map_items(map, environment, &input, inspect)?),
                Some(_) => None,
            };
            Ok::<_, StateError>(Plan { input, limit, items })
        });
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => return self.state_error(machine, here, error),
        };
        let length = plan.items.as_ref().map_or(0, Vec::len) as u64;
        let map_started =
            self.journal.append(Some(parent), EventType::MapStateStarted, Details::MapStateStarted(Some(length)));
        self.set_last(here.flow, map_started);
        if let Err(error) = self.open_map_run(here, map, distributed, map_started, plan) {
            self.state_error(machine, here, error);
        }
    }

    /// Everything that can go wrong in the settings does so before `MapRunStarted`.
    fn open_map_run(
        &mut self,
        here: Here<'_>,
        map: &Map,
        distributed: &Distributed,
        map_started: EventId,
        plan: Plan,
    ) -> Result<(), StateError> {
        let input = &plan.input;
        let (config, reader, writer) = self.evaluate(here, None, |environment, _| {
            let config = data::distributed_config(map, distributed, environment, input)?;
            let evaluate = |arguments: Option<&_>, field| match arguments {
                Some(arguments) => data::arguments(arguments, environment, input, field),
                None => Ok(Value::Null),
            };
            let reader = distributed.reader.as_ref().and_then(|reader| reader.arguments.as_ref());
            let writer = distributed.writer.as_ref().and_then(|writer| writer.arguments.as_ref());
            let reader = evaluate(reader, "ItemReader/Arguments")?;
            Ok::<_, StateError>((config, reader, evaluate(writer, "ResultWriter/Arguments")?))
        })?;
        let children = match plan.items {
            Some(items) => {
                let found = items.into_iter().map(|item| (item, map.own_source())).collect();
                self.make_children(here, map, input, found, &config)?
            }
            None => Vec::new(),
        };
        let (arn, label) = self.map_run_arn(here, distributed);
        let started = Details::MapRunStarted(Some(Arc::clone(&arn)));
        let run_started = self.journal.append(Some(map_started), EventType::MapRunStarted, started);
        self.set_last(here.flow, run_started);
        let limit = if plan.limit == 0 { MAX_CHILDREN } else { plan.limit.min(MAX_CHILDREN) };
        let exports = distributed.writer.as_ref().is_some_and(|writer| writer.resource.is_some());
        let run = MapRun {
            state: Arc::clone(&here.state.name),
            arn,
            label,
            map_started,
            run_started,
            started_at: self.journal.now(),
            config,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            phase: Phase::Running,
            children,
            next: 0,
            running: 0,
            ready: VecDeque::new(),
            redrives: 0,
            destination: exports.then(|| destination(&writer)),
        };
        self.set_container(here, Container::Distributed(Box::new(run)));
        self.begin_map_run(here, distributed, &reader);
        Ok(())
    }

    fn begin_map_run(&mut self, here: Here<'_>, distributed: &Distributed, parameters: &Value) {
        let Some(reader) = &distributed.reader else { return self.run_children(here.flow) };
        let listing = reader.resource.arn().contains("listObjects");
        let reading = Reading::new(&reader.config, listing, parameters);
        let max_items = self.map_run(here.flow).and_then(|run| run.config.max_items);
        if let Err(failure) = reading.check(max_items) {
            return self.end_map_run(here.flow, Err(failure));
        }
        let first = reading.first();
        if let Some(run) = self.map_run_mut(here.flow) {
            run.phase = Phase::Reading(Box::new(reading));
        }
        self.ask_to_read(here.flow, &here.state.name, first, parameters);
    }

    fn ask_to_read(&mut self, flow: FlowId, state: &Arc<str>, step: ReadingStep, parameters: &Value) {
        let ReadingStep::Read { action, bucket, key } = step else { return };
        let id = RequestId(self.number());
        let request = ReadRequest { id, state: Arc::clone(state), action, bucket, key, parameters: parameters.clone() };
        self.ask(id, Asked { flow, child: None }, Need::Read(request));
    }

    /// Answers a wish to read.
    pub fn read(&mut self, id: RequestId, read: Result<Read, Failure>) {
        let Some(asked) = self.asked(id) else { return };
        self.answered(id);
        if let Some((child, child_id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.read(child_id, read));
        }
        let Some(run) = self.map_run_mut(asked.flow) else { return };
        let Phase::Reading(reading) = &mut run.phase else { return };
        match read.and_then(|read| reading.take(read)) {
            Err(failure) => self.end_map_run(asked.flow, Err(failure)),
            Ok(ReadingStep::Done(items)) => self.take_items(asked.flow, items),
            Ok(step) => {
                let machine = Arc::clone(&self.machine);
                let Some(state) = self.flows.visit(asked.flow).map(|visit| &machine[visit.state]) else { return };
                self.ask_to_read(asked.flow, &state.name, step, &Value::Null);
            }
        }
    }

    /// Starts the children of a Map Run with what somebody knows they are given, instead of reading its items.
    pub fn start_children(&mut self, id: RequestId, inputs: Vec<Payload>) {
        let Some(asked) = self.asked(id) else { return };
        self.answered(id);
        if let Some((child, child_id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.start_children(child_id, inputs));
        }
        let machine = Arc::clone(&self.machine);
        let Some(visit) = self.flows.visit(asked.flow) else { return };
        let StateKind::Map(map) = &machine[visit.state].kind else { return };
        let batched = matches!(&map.mode, MapMode::Distributed(distributed) if distributed.batcher.is_some());
        let items = |input: &Payload| {
            let items = input.value().ok().filter(|_| batched).and_then(|input| input.get("Items")?.as_array());
            items.map_or(1, Vec::len)
        };
        let Some(run) = self.map_run_mut(asked.flow) else { return };
        run.children =
            inputs.into_iter().map(|input| (items(&input), input)).map(|(n, input)| Child::new(input, n)).collect();
        run.phase = Phase::Running;
        self.run_children(asked.flow);
    }

    fn take_items(&mut self, flow: FlowId, mut items: Vec<(Item, Option<Arc<str>>)>) {
        let machine = Arc::clone(&self.machine);
        let Some(visit) = self.flows.visit(flow) else { return };
        let (here, raw) = (self.here(&machine, flow, visit.state), visit.input.clone());
        let StateKind::Map(map) = &here.state.kind else { return };
        let Some(config) = self.map_run(flow).map(|run| run.config.clone()) else { return };
        let limit = config.max_items.filter(|max| *max > 0).and_then(|max| usize::try_from(max).ok());
        items.truncate(limit.unwrap_or(usize::MAX));
        let input = self.evaluate(here, None, |environment, inspect| data::map_input(map, environment, &raw, inspect));
        let children = input.and_then(|input| self.make_children(here, map, &input, items, &config));
        match children {
            Ok(children) => {
                if let Some(run) = self.map_run_mut(flow) {
                    run.children = children;
                    run.phase = Phase::Running;
                }
                self.run_children(flow);
            }
            Err(error) => self.state_error(&machine, here, error),
        }
    }

    /// Evaluates what every child is given.
    fn make_children(
        &mut self,
        here: Here<'_>,
        map: &Map,
        input: &Payload,
        items: Vec<(Item, Option<Arc<str>>)>,
        config: &DistributedConfig,
    ) -> Result<Vec<Child>, StateError> {
        let outer = self.flows.get(here.flow).and_then(|flow| flow.item.clone());
        let mut inputs = Vec::with_capacity(items.len());
        for (index, (item, source)) in items.into_iter().enumerate() {
            let selected = self.select_item(here, map, input, &item, index, source);
            inputs.push(selected);
        }
        if let Some(flow) = self.flows.get_mut(here.flow) {
            flow.item = outer;
        }
        let inputs = inputs.into_iter().collect::<Result<Vec<_>, _>>()?;
        let MapMode::Distributed(distributed) = &map.mode else { return Ok(Vec::new()) };
        if distributed.batcher.is_none() {
            return Ok(inputs.into_iter().map(|input| Child::new(input, 1)).collect());
        }
        Ok(data::batches(inputs, config).into_iter().map(|(input, items)| Child::new(input, items)).collect())
    }

    fn map_run_arn(&self, here: Here<'_>, distributed: &Distributed) -> (Arc<str>, Arc<str>) {
        // Without a label AWS makes up an id that stays the same for the state: here, from its name.
        let seed = here
            .state
            .name
            .bytes()
            .fold(self.options.seed, |seed, byte| seed.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
        let label: Arc<str> = match &distributed.label {
            Some(label) => label.as_str().into(),
            None => Chance::new(seed).uuid().into(),
        };
        let (prefix, machine) = (self.identity.arn_prefix(), &self.identity.machine_name);
        let machine = machine.split('/').next().unwrap_or_default();
        let arn = format!("{prefix}:mapRun:{machine}/{label}:{}", self.chance.uuid());
        (arn.into(), label)
    }

    /// A Map Run has ended: its state goes on.
    pub(in crate::interpreter) fn map_run_ended(&mut self, machine: &Machine, flow: FlowId, state: StateId) {
        let here = self.here(machine, flow, state);
        let StateKind::Map(map) = &here.state.kind else { return };
        let Some(visit) = self.flows.visit(here.flow) else { return };
        let raw = visit.input.clone();
        let Some(run) = self.map_run(here.flow) else { return };
        let (started, Phase::Ended(ended)) = (run.run_started, &run.phase) else { return };
        match ended.clone() {
            Ok(result) => {
                let succeeded = self.journal.append(Some(started), EventType::MapRunSucceeded, Details::None);
                self.journal.append(Some(succeeded), EventType::MapStateSucceeded, Details::None);
                self.leave_map(machine, here, map, started, &raw, &result);
            }
            Err(failure) => {
                let details = Details::Failure(failure.clone());
                let failed = self.journal.append(Some(started), EventType::MapRunFailed, details);
                self.set_last(here.flow, failed);
                self.failed(machine, here, &failure.into());
            }
        }
    }
}

fn destination(parameters: &Value) -> Destination {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Destination { bucket: text("Bucket"), prefix: text("Prefix") }
}
