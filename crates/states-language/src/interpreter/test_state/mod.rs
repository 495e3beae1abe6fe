//! One state on its own, tried out as AWS's TestState does.
//!
//! A request goes in, a response or a refusal comes out; both have the members of the API. The state's data flows
//! through the same code that runs executions, with somebody watching every stage. Nothing is called and nobody waits:
//! a Task, Parallel or Map needs its result in the request, and a Wait is over at once. A given result is compared with
//! the API it stands for as far as its model is known.

mod catch;
mod context;
mod inspection;
mod mapped;
mod mock;
mod refusal;
mod request;
mod response;
mod run;
mod scene;
#[cfg(test)]
mod tests;

pub use inspection::{ErrorDetails, Inspection};
pub use refusal::{Constraint, ContextProblem, MockProblem, Refusal};
pub use request::{Configuration, FieldValidation, InspectionLevel, Mock, MockError, ReadError, Request};
pub use response::{Outcome, Response};
pub use run::{Surroundings, test_state};
