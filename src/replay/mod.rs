//! Replay: a recorded execution run again on the interpreter, every task answered from the recording, and what came out
//! compared with it branch by branch.
//!
//! [`Replay`] runs, steered by the moments of the recording as long as nothing was edited; [`Outcome`] says how true the
//! second history is to the first and where it leaves it. This module must not know terminals, nor files: what it
//! replays is given to it.

mod address;
mod amended;
mod children;
mod compare;
mod edits;
mod excerpt;
mod export;
mod nested;
mod outcome;
mod player;
mod proof;
mod recorded;
mod rule;
mod subject;

pub use address::{child as find_child, find as find_address};
pub use amended::{Amended, Asking, Try};
pub use compare::{Difference, Divergence, NotChecked, Unchecked, is_taken_out};
pub use edits::{Edits, From};
pub use export::{
    amended_file, answers_file, case, last_answer, mock_config, recorded_answer, test_states, timed_answers_file,
};
pub use outcome::{Child, Covered, Fidelity, Misfit, Outcome, Standing, Verdict};
pub use player::{Replay, Unanswered};
pub use proof::{Judgement, judge};
pub use rule::Rule;
pub use subject::{NotReplayable, Undecided, check_definition};

pub use crate::tasks::{identity_of, kind_of};
