//! Whether AWS lets us read: one call for each permission, on whatever is there to be read.

use super::checks::{Check, State};
use crate::cli::Failure;
use crate::cli::aws;
use crate::recording::{MachineType, StateMachine};
use crate::source::aws::logs::{InsightsQuery, LogGroup, LogSettings, Span};
use crate::source::aws::{AwsError, Client, ErrorKind, ExecutionFilter, Operation, Options, Order};

const TOPIC: &str = "AWS permissions";

/// So many machines are looked at for one with a log group.
const LOOKED_AT: usize = 8;

pub(super) fn checks(options: Options) -> Result<Vec<Check>, Failure> {
    aws::block_on(async {
        let client = Client::connect(options).await.map_err(|error| aws::failure(&error))?;
        let mut probe = Probe { client, found: Vec::new() };
        probe.all().await;
        Ok(probe.found)
    })?
}

struct Probe {
    client: Client,
    found: Vec<Check>,
}

impl Probe {
    async fn all(&mut self) {
        match self.client.identity().await {
            Ok(identity) => self.found.push(Check::good(TOPIC, "caller", identity.arn.to_string())),
            Err(error) => {
                let of_caller = error.kind.is_of_caller() || matches!(error.kind, ErrorKind::Unreachable(_));
                self.failed("caller", &error);
                // Without credentials or a network every other call says the same.
                if of_caller {
                    return;
                }
            }
        }
        let machines = self.client.state_machines(None).await.map(|page| page.items);
        let machines = self.told(Operation::ListStateMachines, machines).unwrap_or_default();
        let standard = machines.iter().find(|machine| machine.machine_type == Some(MachineType::Standard));
        let standard = standard.and_then(|machine| machine.state_machine_arn.as_deref());
        match standard {
            Some(machine) => self.machine(machine).await,
            None => self.untried("the rest", "there is no Standard state machine in this region to try it on"),
        }
        self.logs(&machines).await;
    }

    async fn machine(&mut self, arn: &str) {
        let described = self.client.describe_state_machine(arn).await;
        self.told(Operation::DescribeStateMachine, described);
        let versions = self.client.versions(arn, None).await;
        self.told(Operation::ListStateMachineVersions, versions);
        let aliases = self.client.aliases(arn, None).await;
        self.told(Operation::ListStateMachineAliases, aliases);
        let filter = ExecutionFilter { limit: 1, ..ExecutionFilter::of_machine(arn) };
        let listed = self.client.executions(&filter, None).await;
        let executions = self.told(Operation::ListExecutions, listed).map(|page| page.items).unwrap_or_default();
        match executions.first().and_then(|execution| execution.execution_arn.as_deref()) {
            Some(execution) => self.execution(execution).await,
            None => self.untried("executions", &format!("{arn} has none to try it on")),
        }
    }

    async fn execution(&mut self, arn: &str) {
        let described = self.client.describe_execution(arn).await;
        self.told(Operation::DescribeExecution, described);
        let machine = self.client.describe_state_machine_for_execution(arn).await;
        self.told(Operation::DescribeStateMachineForExecution, machine);
        let history = self.client.history_page(arn, Order::Forward, 1, None).await;
        self.told(Operation::GetExecutionHistory, history);
        let runs = self.client.map_runs(arn, None).await;
        let runs = self.told(Operation::ListMapRuns, runs).map(|page| page.items).unwrap_or_default();
        match runs.first().and_then(|run| run.map_run_arn.as_deref()) {
            Some(run) => {
                let run = self.client.describe_map_run(run).await;
                self.told(Operation::DescribeMapRun, run);
            }
            None => self.untried(&Operation::DescribeMapRun.permission(), "there is no map run to try it on"),
        }
    }

    /// Machines of either type may have a log group; Express ones first, whose history is nowhere else.
    async fn logs(&mut self, machines: &[StateMachine]) {
        let (name, query) = (Operation::FilterLogEvents.permission(), Operation::StartQuery.permission());
        let mut machines: Vec<&StateMachine> = machines.iter().collect();
        machines.sort_by_key(|machine| machine.machine_type != Some(MachineType::Express));
        let mut why = "there is no state machine to try it on".to_owned();
        for arn in machines.iter().filter_map(|machine| machine.state_machine_arn.as_deref()).take(LOOKED_AT) {
            match self.client.describe_state_machine(arn).await.map(|machine| LogSettings::of(&machine)) {
                Ok(Ok(settings)) => return self.log_group(settings.group, arn).await,
                Ok(Err(not)) => why = not.to_string(),
                Err(error) => {
                    self.failed(&name, &error);
                    return self.untried(&query, "no log group is known to try it on");
                }
            }
        }
        self.untried(&name, &why);
        self.untried(&query, &why);
    }

    async fn log_group(&mut self, group: LogGroup, arn: &str) {
        let looked = self.client.looks_into(&group).await;
        self.told(Operation::FilterLogEvents, looked);
        // Of this moment, so that next to nothing is looked through and charged for.
        let now = crate::source::aws::now();
        let query = InsightsQuery::executions(group, Span { from: now, until: now }, arn);
        let asked = self.client.insights(query).await;
        let operation = asked.as_ref().err().and_then(|error| error.operation);
        self.told(operation.unwrap_or(Operation::StartQuery), asked);
    }

    fn told<T>(&mut self, operation: Operation, answer: Result<T, AwsError>) -> Option<T> {
        match answer {
            Ok(answer) => {
                self.found.push(Check::good(TOPIC, operation.permission(), "allowed"));
                Some(answer)
            }
            Err(error) => {
                self.failed(&operation.permission(), &error);
                None
            }
        }
    }

    fn failed(&mut self, name: &str, error: &AwsError) {
        let check = Check::wrong(TOPIC, name, error.to_string());
        self.found.push(match error.hint() {
            Some(hint) => check.hint(hint),
            None => check,
        });
    }

    fn untried(&mut self, name: &str, why: &str) {
        self.found.push(Check { state: State::Note, ..Check::good(TOPIC, name, format!("not tried: {why}")) });
    }
}
