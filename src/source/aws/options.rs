//! How to reach AWS, as whom, and what may be done there.

use super::{Budget, Listener};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How to reach AWS. What is not said here is found where every AWS program finds it: the environment, the files in
/// `~/.aws`, the machine's role.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The profile in `~/.aws/config`.
    pub profile: Option<String>,
    /// The region of what is named without one.
    pub region: Option<String>,
    /// Another address for every service, as emulators have.
    pub endpoint_url: Option<String>,
    /// Credentials that are given instead of found, as emulators take any.
    pub keys: Option<Keys>,
    /// What may be done.
    pub access: Access,
    /// How long a call is tried.
    pub patience: Patience,
    /// Who is told of calls that are repeated.
    pub listener: Listener,
    /// How often may be asked; clients that share it share the service's limits as well.
    pub budget: Budget,
}

/// Credentials that stay what they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The id of the access key.
    pub id: String,
    /// The secret that belongs to it.
    pub secret: String,
}

/// Keeps the secret out of messages and logs.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.id)
    }
}

/// What a client may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Look.
    #[default]
    ReadOnly,
    /// Look, and act: start, stop and redrive executions, answer tasks.
    Actions,
}

/// How long a call is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often a call is repeated that the service throttled or failed at, or whose answer got lost. What
    /// `AWS_MAX_ATTEMPTS` says goes before it.
    pub repeats: u32,
    /// The pause before the first repeat; it doubles from one to the next.
    pub pause: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// How long the service may take to begin its answer.
    pub answer: Duration,
    /// How long it may take to give its answer whole.
    pub whole: Duration,
    /// How long somebody waits before they are told what for.
    pub tells: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            repeats: 4,
            pause: Duration::from_millis(500),
            longest: Duration::from_secs(20),
            answer: Duration::from_secs(30),
            whole: Duration::from_secs(60),
            tells: Duration::from_secs(3),
        }
    }
}

impl Patience {
    /// Returns the pause before that repeat, counted from 0.
    pub fn before(&self, repeat: u32) -> Duration {
        self.pause.saturating_mul(2_u32.saturating_pow(repeat)).min(self.longest)
    }
}

/// Which of the executions that an execution started are fetched with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Children {
    /// All, with their histories.
    All,
    /// All are named; of those that failed the histories as well.
    #[default]
    Failed,
    /// None.
    None,
}

/// Who asks: the answer of `GetCallerIdentity`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The number of the account.
    pub account: Arc<str>,
    /// The ARN of the user or of the role's session.
    pub arn: Arc<str>,
}

impl Identity {
    /// Returns the name of the role or user: `Admin` of `arn:aws:sts::123456789012:assumed-role/Admin/session`.
    pub fn name(&self) -> &str {
        let resource = self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn);
        let mut parts = resource.split('/');
        match (parts.next(), parts.next(), resource.rsplit('/').next()) {
            (Some("assumed-role"), Some(role), _) => role,
            (_, _, Some(last)) => last,
            _ => resource,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_called_by_its_name_whoever_took_it() {
        for (arn, name) in [
            ("arn:aws:sts::123456789012:assumed-role/Admin/me@example.com", "Admin"),
            ("arn:aws:iam::123456789012:user/team/ann", "ann"),
            ("arn:aws:iam::123456789012:root", "root"),
        ] {
            assert_eq!(Identity { account: "123456789012".into(), arn: arn.into() }.name(), name);
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let patience = Patience::default();
        let pauses: Vec<u128> = [0, 1, 2, 5, 6, 40].map(|repeat| patience.before(repeat).as_millis()).into();
        assert_eq!(pauses, [500, 1_000, 2_000, 16_000, 20_000, 20_000]);
    }
}
