//! The types of event.

use std::fmt;
use std::sync::Arc;

/// The type of a state, as definitions write it and as event types begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateType {
    /// Passes its input on, or a fixed result.
    Pass,
    /// Calls something outside.
    Task,
    /// Branches on data.
    Choice,
    /// Waits for a time.
    Wait,
    /// Ends its flow well.
    Succeed,
    /// Ends its flow badly.
    Fail,
    /// Runs several flows at once.
    Parallel,
    /// Runs one flow for each item.
    Map,
}

impl StateType {
    /// All of them, in the order AWS lists them in.
    pub const ALL: [Self; 8] =
        [Self::Task, Self::Wait, Self::Pass, Self::Succeed, Self::Fail, Self::Choice, Self::Parallel, Self::Map];

    /// Returns the name in definitions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::Task => "Task",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
        }
    }

    /// Returns the type with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether states of this type hold other states.
    pub fn is_container(self) -> bool {
        matches!(self, Self::Parallel | Self::Map)
    }

    /// Returns the type of the event that opens such a state.
    pub fn entered(self) -> EventType {
        match self {
            Self::Pass => EventType::PassStateEntered,
            Self::Task => EventType::TaskStateEntered,
            Self::Choice => EventType::ChoiceStateEntered,
            Self::Wait => EventType::WaitStateEntered,
            Self::Succeed => EventType::SucceedStateEntered,
            Self::Fail => EventType::FailStateEntered,
            Self::Parallel => EventType::ParallelStateEntered,
            Self::Map => EventType::MapStateEntered,
        }
    }

    /// Returns the type of the event that ends such a state well; a Fail state has none.
    pub fn exited(self) -> Option<EventType> {
        match self {
            Self::Pass => Some(EventType::PassStateExited),
            Self::Task => Some(EventType::TaskStateExited),
            Self::Choice => Some(EventType::ChoiceStateExited),
            Self::Wait => Some(EventType::WaitStateExited),
            Self::Succeed => Some(EventType::SucceedStateExited),
            Self::Fail => None,
            Self::Parallel => Some(EventType::ParallelStateExited),
            Self::Map => Some(EventType::MapStateExited),
        }
    }

    /// Returns the type of the event that aborts such a state; only states that can be waiting have one.
    pub fn aborted(self) -> Option<EventType> {
        match self {
            Self::Task => Some(EventType::TaskStateAborted),
            Self::Wait => Some(EventType::WaitStateAborted),
            Self::Parallel => Some(EventType::ParallelStateAborted),
            Self::Map => Some(EventType::MapStateAborted),
            Self::Pass | Self::Choice | Self::Succeed | Self::Fail => None,
        }
    }
}

impl fmt::Display for StateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which group of details the events of a type have: the member's name is the type's, or its group's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// No details at all.
    None,
    ExecutionStarted,
    /// An output and nothing else.
    Output,
    /// `error` and `cause`, both optional.
    Failure,
    /// `error` and `cause` with the task's resource.
    TaskFailure,
    TaskOutput,
    TaskRef,
    RedriveCount,
    StateEntered,
    StateExited,
    MapStateStarted,
    MapIteration,
    MapRunStarted,
    MapRunRedriven,
    LambdaScheduled,
    ActivityScheduled,
    ActivityStarted,
    TaskScheduled,
    EvaluationFailed,
}

macro_rules! event_types {
    ($($name:ident $member:tt $group:ident,)*) => {
        /// The type of an event; AWS has 62.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum EventType {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $name,
            )*
            /// A type newer than this program, by its name.
            Unknown(Arc<str>),
        }

        impl EventType {
            /// Every type known.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns AWS's name of the type.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::Unknown(name) => name,
                }
            }

            /// Returns the type of that name.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $(stringify!($name) => Self::$name,)*
                    name => Self::Unknown(name.into()),
                }
            }

            /// Returns the name of the member that holds the details, for types that have any.
            pub fn details_member(&self) -> Option<&'static str> {
                match self {
                    $(Self::$name => event_types!(@member $member),)*
                    Self::Unknown(_) => None,
                }
            }

            pub(super) fn group(&self) -> Group {
                match self {
                    $(Self::$name => Group::$group,)*
                    Self::Unknown(_) => Group::None,
                }
            }
        }
    };
    (@member _) => { None };
    (@member $member:literal) => { Some($member) };
}

event_types! {
    ActivityFailed "activityFailedEventDetails" Failure,
    ActivityScheduled "activityScheduledEventDetails" ActivityScheduled,
    ActivityScheduleFailed "activityScheduleFailedEventDetails" Failure,
    ActivityStarted "activityStartedEventDetails" ActivityStarted,
    ActivitySucceeded "activitySucceededEventDetails" Output,
    ActivityTimedOut "activityTimedOutEventDetails" Failure,
    ChoiceStateEntered "stateEnteredEventDetails" StateEntered,
    ChoiceStateExited "stateExitedEventDetails" StateExited,
    EvaluationFailed "evaluationFailedEventDetails" EvaluationFailed,
    ExecutionAborted "executionAbortedEventDetails" Failure,
    ExecutionFailed "executionFailedEventDetails" Failure,
    ExecutionRedriven "executionRedrivenEventDetails" RedriveCount,
    ExecutionStarted "executionStartedEventDetails" ExecutionStarted,
    ExecutionSucceeded "executionSucceededEventDetails" Output,
    ExecutionTimedOut "executionTimedOutEventDetails" Failure,
    FailStateEntered "stateEnteredEventDetails" StateEntered,
    LambdaFunctionFailed "lambdaFunctionFailedEventDetails" Failure,
    LambdaFunctionScheduled "lambdaFunctionScheduledEventDetails" LambdaScheduled,
    LambdaFunctionScheduleFailed "lambdaFunctionScheduleFailedEventDetails" Failure,
    LambdaFunctionStarted _ None,
    LambdaFunctionStartFailed "lambdaFunctionStartFailedEventDetails" Failure,
    LambdaFunctionSucceeded "lambdaFunctionSucceededEventDetails" Output,
    LambdaFunctionTimedOut "lambdaFunctionTimedOutEventDetails" Failure,
    MapIterationAborted "mapIterationAbortedEventDetails" MapIteration,
    MapIterationFailed "mapIterationFailedEventDetails" MapIteration,
    MapIterationStarted "mapIterationStartedEventDetails" MapIteration,
    MapIterationSucceeded "mapIterationSucceededEventDetails" MapIteration,
    MapRunAborted _ None,
    MapRunFailed "mapRunFailedEventDetails" Failure,
    MapRunRedriven "mapRunRedrivenEventDetails" MapRunRedriven,
    MapRunStarted "mapRunStartedEventDetails" MapRunStarted,
    MapRunSucceeded _ None,
    MapStateAborted _ None,
    MapStateEntered "stateEnteredEventDetails" StateEntered,
    MapStateExited "stateExitedEventDetails" StateExited,
    MapStateFailed _ None,
    MapStateStarted "mapStateStartedEventDetails" MapStateStarted,
    MapStateSucceeded _ None,
    ParallelStateAborted _ None,
    ParallelStateEntered "stateEnteredEventDetails" StateEntered,
    ParallelStateExited "stateExitedEventDetails" StateExited,
    ParallelStateFailed _ None,
    ParallelStateStarted _ None,
    ParallelStateSucceeded _ None,
    PassStateEntered "stateEnteredEventDetails" StateEntered,
    PassStateExited "stateExitedEventDetails" StateExited,
    SucceedStateEntered "stateEnteredEventDetails" StateEntered,
    SucceedStateExited "stateExitedEventDetails" StateExited,
    TaskFailed "taskFailedEventDetails" TaskFailure,
    TaskScheduled "taskScheduledEventDetails" TaskScheduled,
    TaskStarted "taskStartedEventDetails" TaskRef,
    TaskStartFailed "taskStartFailedEventDetails" TaskFailure,
    TaskStateAborted _ None,
    TaskStateEntered "stateEnteredEventDetails" StateEntered,
    TaskStateExited "stateExitedEventDetails" StateExited,
    TaskSubmitFailed "taskSubmitFailedEventDetails" TaskFailure,
    TaskSubmitted "taskSubmittedEventDetails" TaskOutput,
    TaskSucceeded "taskSucceededEventDetails" TaskOutput,
    TaskTimedOut "taskTimedOutEventDetails" TaskFailure,
    WaitStateAborted _ None,
    WaitStateEntered "stateEnteredEventDetails" StateEntered,
    WaitStateExited "stateExitedEventDetails" StateExited,
}

impl EventType {
    /// Returns the type of state such an event opens, for `…StateEntered`.
    pub fn enters(&self) -> Option<StateType> {
        StateType::ALL.into_iter().find(|state| state.entered() == *self)
    }

    /// Returns the type of state such an event closes, for `…StateExited`.
    pub fn exits(&self) -> Option<StateType> {
        StateType::ALL.into_iter().find(|state| state.exited().as_ref() == Some(self))
    }

    /// Returns the type of state such an event aborts, for `…StateAborted`.
    pub fn aborts(&self) -> Option<StateType> {
        StateType::ALL.into_iter().find(|state| state.aborted().as_ref() == Some(self))
    }

    /// Tells whether the event ends an execution (which a redrive may take up again).
    pub fn ends_execution(&self) -> bool {
        use EventType::{ExecutionAborted, ExecutionFailed, ExecutionSucceeded, ExecutionTimedOut};
        matches!(self, ExecutionAborted | ExecutionFailed | ExecutionSucceeded | ExecutionTimedOut)
    }

    /// Tells whether the event reports something that went wrong: every type ending in `Failed`, `TimedOut` or
    /// `Aborted`, and `FailStateEntered`. These are what log level `ERROR` writes.
    pub fn is_failure(&self) -> bool {
        let name = self.name();
        name.ends_with("Failed")
            || name.ends_with("TimedOut")
            || name.ends_with("Aborted")
            || *self == Self::FailStateEntered
    }

    /// Tells whether the event hands a task to whoever does it, which begins an attempt.
    pub fn schedules_task(&self) -> bool {
        matches!(self, Self::TaskScheduled | Self::LambdaFunctionScheduled | Self::ActivityScheduled)
    }

    /// Tells whether the event says that whoever does a task has begun.
    pub fn starts_task(&self) -> bool {
        matches!(self, Self::TaskStarted | Self::LambdaFunctionStarted | Self::ActivityStarted)
    }

    /// Tells whether the event ends an attempt of a task badly.
    pub fn fails_task(&self) -> bool {
        use EventType::{
            ActivityFailed, ActivityScheduleFailed, ActivityTimedOut, LambdaFunctionFailed,
            LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, LambdaFunctionTimedOut, TaskFailed,
            TaskStartFailed, TaskSubmitFailed, TaskTimedOut,
        };
        matches!(
            self,
            ActivityFailed
                | ActivityScheduleFailed
                | ActivityTimedOut
                | LambdaFunctionFailed
                | LambdaFunctionScheduleFailed
                | LambdaFunctionStartFailed
                | LambdaFunctionTimedOut
                | TaskFailed
                | TaskStartFailed
                | TaskSubmitFailed
                | TaskTimedOut
        )
    }

    /// Tells whether the event ends an attempt of a task well.
    pub fn completes_task(&self) -> bool {
        matches!(self, Self::TaskSucceeded | Self::LambdaFunctionSucceeded | Self::ActivitySucceeded)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
