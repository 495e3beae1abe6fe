//! What can be done to a call, by name: one list for all tests of what services, networks and clocks do.

use super::stub::{Reply, Request, Stub};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Something done to calls. The service has acted by then, but for those that say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: calls are only noted.
    Log,
    /// The answer comes a second late.
    Delay,
    /// The connection is closed before the service hears of the call.
    Refuse,
    /// The service acts, and its answer is lost.
    Lose,
    /// The service acts, and its answer is a 500.
    Fail,
    /// The answer comes a byte at a time, for longer than anybody waits.
    Drip,
    /// The answer is JSON of somebody else.
    Rewrite,
    /// The answer is shorter than it is said to be.
    WrongLength,
    /// The answer is no JSON.
    Garbage,
    /// The answer ends in the middle.
    Truncate,
    /// Every page leads to itself.
    TokenLoop,
    /// Every page is the first one again, with a token of its own.
    Repeat,
    /// There is one more of everything with each page: more and more pages.
    Growth,
    /// The tokens of pages have expired, whenever they are used.
    Expire,
    /// The caller may not.
    Deny,
    /// The service's clock is 20 minutes behind, and it minds.
    Skew,
    /// The service is asked too often.
    Throttle,
    /// What answers has no such page.
    NotFound,
    /// What answers has no such operation.
    NotImplemented,
    /// What answers is asked too often, and not in AWS's words.
    TooMany,
    /// What answers is the page of a network that wants a login.
    LoginPage,
    /// There is nothing in the answer.
    Empty,
}

impl Mode {
    pub const ALL: [(&'static str, Self); 22] = [
        ("log", Self::Log),
        ("delay", Self::Delay),
        ("refuse", Self::Refuse),
        ("lose", Self::Lose),
        ("fail", Self::Fail),
        ("drip", Self::Drip),
        ("rewrite", Self::Rewrite),
        ("wrong-length", Self::WrongLength),
        ("garbage", Self::Garbage),
        ("truncate", Self::Truncate),
        ("token-loop", Self::TokenLoop),
        ("repeat", Self::Repeat),
        ("growth", Self::Growth),
        ("expire", Self::Expire),
        ("deny", Self::Deny),
        ("skew", Self::Skew),
        ("throttle", Self::Throttle),
        ("not-found", Self::NotFound),
        ("not-implemented", Self::NotImplemented),
        ("too-many", Self::TooMany),
        ("login-page", Self::LoginPage),
        ("empty", Self::Empty),
    ];

    /// Returns the mode of that name.
    #[track_caller]
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("there is no mode {name}")).1
    }

    /// Does it to a call.
    fn answer(self, request: &Request, service: &(impl Fn(&Request) -> Reply + ?Sized)) -> Reply {
        match self {
            Self::Refuse => return Reply::Closed,
            Self::Deny => {
                let message =
                    format!("User: arn:aws:iam::1:user/u is not authorized to perform: states:{}", request.operation);
                return Reply::refusal("AccessDeniedException", &message);
            }
            Self::Throttle => return Reply::refusal("ThrottlingException", "Rate exceeded"),
            Self::NotFound => return Reply::Foreign(404, "<h1>Not Found</h1>".to_owned()),
            Self::NotImplemented => return Reply::Foreign(501, String::new()),
            Self::TooMany => return Reply::Foreign(429, "<h1>Slow down</h1>".to_owned()),
            Self::LoginPage => return Reply::Foreign(200, "<html>Log in</html>".to_owned()),
            Self::Empty => return Reply::Foreign(200, String::new()),
            Self::Skew => return skewed(request, service),
            Self::Expire if request.body["nextToken"].is_string() => {
                return Reply::refusal("InvalidToken", "Invalid Token: 'Token is expired'");
            }
            Self::Repeat => {
                let mut first = request.clone();
                first.body.as_object_mut().map(|body| body.remove("nextToken"));
                return paged(service(&first), || format!("more-{}", request.number));
            }
            _ => {}
        }
        let reply = service(request);
        let text = |reply: Reply| match reply {
            Reply::Text(text) => text,
            other => panic!("{self:?} is done to good answers: {other:?}"),
        };
        match self {
            Self::Delay => Reply::Late(Duration::from_secs(1), Box::new(reply)),
            Self::Lose => Reply::Closed,
            Self::Fail => Reply::Error(500, "InternalFailure", "Oh no.".to_owned()),
            Self::Drip => Reply::Drip(text(reply), Duration::from_millis(200)),
            Self::Rewrite => json!({ "hello": 1 }).into(),
            Self::WrongLength => Reply::Long(text(reply), 40),
            Self::Garbage => Reply::Text("{hello}".to_owned()),
            Self::Truncate => Reply::Cut(text(reply)),
            Self::TokenLoop => paged(reply, || "again".to_owned()),
            Self::Growth => paged(reply, || format!("more-{}", request.number)),
            _ => reply,
        }
    }
}

/// A page that leads to another one.
fn paged(reply: Reply, token: impl Fn() -> String) -> Reply {
    let Reply::Text(text) = reply else { return reply };
    let mut page: Value = serde_json::from_str(&text).unwrap();
    if ["events", "executions", "mapRuns", "stateMachines"].iter().any(|list| page[list].is_array()) {
        page["nextToken"] = token().into();
    }
    page.into()
}

/// A service whose clock is 20 minutes behind. Rule: what is signed more than five minutes from its own time is refused.
fn skewed(request: &Request, service: &(impl Fn(&Request) -> Reply + ?Sized)) -> Reply {
    const BEHIND: i64 = -20 * 60;
    let minutes = |text: &str| {
        let part = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
        part(9..11) * 60 + part(11..13)
    };
    // `Mon, 30 Nov 2026 19:22:50 GMT`
    let theirs = super::wire::date(BEHIND);
    let theirs = minutes(&format!("         {}{}", &theirs[17..19], &theirs[20..22]));
    let apart = (minutes(&request.signed_at) - theirs).rem_euclid(24 * 60);
    let reply = match apart.min(24 * 60 - apart) > 5 {
        true => {
            Reply::refusal("InvalidSignatureException", "Signature not yet current: 20261130T192250Z is still later")
        }
        false => service(request),
    };
    Reply::Clocked(BEHIND, Box::new(reply))
}

/// A proxy in front of a service: it does something to the calls of some operations, so many times.
pub struct Doing {
    pub mode: Mode,
    /// The operations; all of them when there are none.
    pub to: Vec<&'static str>,
    /// How often.
    pub times: usize,
}

impl Doing {
    /// Always, to these operations.
    pub fn always(mode: &str, to: &'static [&'static str]) -> Self {
        Self { mode: Mode::named(mode), to: to.to_vec(), times: usize::MAX }
    }

    /// The first so many times.
    pub fn times(mode: &str, to: &'static [&'static str], times: usize) -> Self {
        Self { times, ..Self::always(mode, to) }
    }

    /// Starts the proxy with the service behind it.
    pub fn before(self, service: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Stub {
        let (done, service) = (AtomicUsize::new(0), Arc::new(service));
        Stub::new(move |request| {
            let is_meant = self.to.is_empty() || self.to.contains(&request.operation.as_str());
            match is_meant && done.fetch_add(1, Ordering::Relaxed) < self.times {
                true => self.mode.answer(request, &*service),
                false => service(request),
            }
        })
    }
}
