//! Why a call was not answered, read from what the SDK says went wrong.

use super::error::{Obstacle, Unreachable};
use super::http::Way;
use super::request::{Lost, Sent};
use super::watch::{Forbidden, Seen};
use super::{AwsError, ErrorKind, Operation, certificate};
use crate::json::visible::without_credentials;
use aws_credential_types::provider::error::{CredentialsError, TokenError};
use std::error::Error;
use std::io;
use std::sync::Arc;

type Fault = dyn Error + 'static;

/// Says why a call was not answered; `None` when it was, although the SDK could not read the answer.
pub(super) fn failure(operation: Operation, sent: Sent, seen: &Seen, way: &Way) -> Option<ErrorKind> {
    Some(match sent {
        Sent::Answered => return None,
        Sent::Refused { .. } if seen.status == PROXY_REFUSES => wants_login(seen, way),
        Sent::Refused { code, message } => match ErrorKind::of_answer(operation, seen.status, &code, &message) {
            ErrorKind::ClockWrong { .. } => ErrorKind::ClockWrong { seconds: seen.ahead.unwrap_or(0) },
            kind => kind,
        },
        Sent::Unparsed(_) if seen.status == PROXY_REFUSES => wants_login(seen, way),
        // Whoever stands between us and AWS may say so without AWS's words.
        Sent::Unparsed(_) if seen.status == TOO_MANY => ErrorKind::Throttled,
        // The SDK reads more of an answer than is needed here, but not what STS says: that is XML.
        Sent::Unparsed(_) if seen.body.is_some() => match (operation, &seen.body) {
            (Operation::GetCallerIdentity, Some(body)) => {
                ErrorKind::Unreadable(foreign(body).unwrap_or("it does not say who is asking").into())
            }
            _ => return None,
        },
        Sent::Unparsed(_) if seen.status == NOT_IMPLEMENTED => ErrorKind::NotOffered,
        Sent::Unparsed(_) if (300..500).contains(&seen.status) && seen.status != TIMED_OUT => {
            ErrorKind::NotAws { status: seen.status }
        }
        Sent::Unparsed(_) if seen.status >= 300 => {
            ErrorKind::Failed { status: seen.status, message: reason_phrase(seen.status).into() }
        }
        Sent::Unparsed(error) => ErrorKind::Lost(without_credentials(&innermost(error.as_ref())).into()),
        Sent::Lost(Lost::Timeout(error)) if mentions(error.as_ref(), "connect timeout") => {
            unreachable(seen, way, Obstacle::Silent)
        }
        Sent::Lost(Lost::Timeout(_)) => ErrorKind::TimedOut,
        Sent::Lost(Lost::Dispatch(error)) => lost(error.as_ref(), seen, way),
    })
}

const PROXY_REFUSES: u16 = 407;
const NOT_IMPLEMENTED: u16 = 501;
const TIMED_OUT: u16 = 408;
const TOO_MANY: u16 = 429;

/// Says what is wrong with an answer that is not even an object of JSON; `None` for one that may be.
pub(super) fn foreign(body: &[u8]) -> Option<&'static str> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => None,
        Some(b'<') => Some("what answers is a web page"),
        Some(_) => Some("what answers is not JSON"),
        None => Some("the answer is empty"),
    }
}

/// What a status means, in the words of HTTP. Rule: RFC 9110, 15.
pub(super) fn reason_phrase(status: u16) -> &'static str {
    match status {
        408 => "Request Timeout",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        511 => "Network Authentication Required",
        _ => "it says no more",
    }
}

/// Says what kept a call from being sent, or its answer from coming: the gate, credentials, the network.
fn lost(error: &Fault, seen: &Seen, way: &Way) -> ErrorKind {
    if chain(error).any(|error| error.is::<Forbidden>()) {
        return ErrorKind::ReadOnly;
    }
    let of_credentials = |error: &&Fault| error.is::<CredentialsError>() || error.is::<TokenError>();
    if let Some(credentials) = chain(error).find(of_credentials) {
        return self::credentials(credentials);
    }
    if let Some(error) = chain(error).find_map(|error| error.downcast_ref::<rustls::Error>()) {
        return unreachable(seen, way, tls(error));
    }
    let io = || chain(error).filter_map(|error| error.downcast_ref::<io::Error>());
    if io().any(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        return unreachable(seen, way, Obstacle::Refused);
    }
    if mentions(error, "dns error") || mentions(error, "lookup address") {
        return unreachable(seen, way, Obstacle::Unresolved);
    }
    if let Some(told) = chain(error).map(ToString::to_string).find(|told| told.starts_with("tunnel error")) {
        let reason = told.trim_start_matches("tunnel error").trim_start_matches(": ");
        let reason = match reason {
            "proxy authorization required" => "it wants a login (407)",
            "unsuccessful" => "it does not let the connection through",
            other => other,
        };
        return through_proxy(seen, way, reason);
    }
    let is_connect = |error: &Fault| {
        error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    };
    let words: Arc<str> = match innermost(error).as_str() {
        "tls handshake eof" => "the connection was closed before it was encrypted".into(),
        words => without_credentials(words).into(),
    };
    match chain(error).any(is_connect) || seen.attempts == 0 {
        true => unreachable(seen, way, Obstacle::Other(words)),
        false => ErrorKind::Lost(words),
    }
}

/// Says why there are no credentials.
fn credentials(error: &Fault) -> ErrorKind {
    let words: String = chain(error).map(|error| format!("{error}: ")).collect();
    let lower = words.to_lowercase();
    if lower.contains("sso")
        && (lower.contains("expired") || lower.contains("invalid_grant") || lower.contains("cached"))
        || lower.contains("unauthorizedexception")
    {
        return ErrorKind::LoginExpired;
    }
    match error.downcast_ref::<CredentialsError>() {
        Some(CredentialsError::CredentialsNotLoaded(_)) => ErrorKind::NoCredentials,
        _ if lower.contains("imds is disabled") => ErrorKind::NoCredentials,
        _ => ErrorKind::CredentialsFailed(without_credentials(&told(error)).into()),
    }
}

/// What a file that is missing is called stands above the words nearest to what happened.
fn told(error: &Fault) -> String {
    let is_of_file = chain(error).last().is_some_and(|last| last.downcast_ref::<io::Error>().is_some());
    let above = chain(error).map(ToString::to_string).find(|words| words.contains('/')).filter(|_| is_of_file);
    above.map_or_else(|| innermost(error), |above| format!("{above}: {}", innermost(error)))
}

/// Says why no encrypted connection came about.
fn tls(error: &rustls::Error) -> Obstacle {
    let rustls::Error::InvalidCertificate(why) = error else {
        let is_plain = matches!(error, rustls::Error::InvalidMessage(_));
        let words = if is_plain { "what answers does not speak TLS".to_owned() } else { error.to_string() };
        return Obstacle::Other(words.into());
    };
    let why = match why {
        rustls::CertificateError::UnknownIssuer => "is not trusted".to_owned(),
        rustls::CertificateError::Expired | rustls::CertificateError::ExpiredContext { .. } => "has expired".to_owned(),
        rustls::CertificateError::NotValidYet | rustls::CertificateError::NotValidYetContext { .. } => {
            "is not valid yet; check the clock of this machine".to_owned()
        }
        rustls::CertificateError::NotValidForName | rustls::CertificateError::NotValidForNameContext { .. } => {
            "is for another host".to_owned()
        }
        other => format!("is not accepted ({other:?})"),
    };
    Obstacle::Certificate { issuer: None, why: why.into() }
}

/// Finds out whose certificate it was that is not good.
pub(super) async fn named(kind: ErrorKind, seen: &Seen, way: &Way) -> ErrorKind {
    let ErrorKind::Unreachable(mut there) = kind else { return kind };
    if let (Obstacle::Certificate { issuer: issuer @ None, .. }, Some(place)) = (&mut there.why, &there.address) {
        *issuer = certificate::issuer(place.to_string(), way.proxy(&seen.address)).await.map(Arc::from);
    }
    ErrorKind::Unreachable(there)
}

/// The address that did not answer is the proxy's where there is one, unless what is wrong lies behind it.
fn unreachable(seen: &Seen, way: &Way, why: Obstacle) -> ErrorKind {
    let address: Option<Arc<str>> = seen.address.parse().ok().and_then(|uri| super::http::place(&uri)).map(Arc::from);
    let proxy = way.proxy(&seen.address).filter(|_| !matches!(why, Obstacle::Certificate { .. }));
    let is_plain = seen.address.starts_with("http:");
    ErrorKind::Unreachable(Box::new(Unreachable { address, proxy: proxy.map(Arc::from), is_plain, why }))
}

/// Rule: RFC 9110, 15.5.8: a proxy asks for a login. Where none is set up, one is in the way nevertheless.
fn wants_login(seen: &Seen, way: &Way) -> ErrorKind {
    through_proxy(seen, way, "it wants a login (407)")
}

fn through_proxy(seen: &Seen, way: &Way, reason: &str) -> ErrorKind {
    unreachable(seen, way, Obstacle::Proxy(reason.into()))
}

/// An error and those below it, also what an error of input and output carries.
fn chain<'a>(error: &'a Fault) -> impl Iterator<Item = &'a Fault> {
    std::iter::successors(Some(error), |&error: &&'a Fault| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

fn mentions(error: &Fault, words: &str) -> bool {
    chain(error).any(|error| error.to_string().contains(words))
}

/// The words nearest to what happened.
fn innermost(error: &Fault) -> String {
    let text = chain(error).last().map_or_else(String::new, ToString::to_string);
    text.split(" (os error").next().unwrap_or(&text).trim_end_matches('.').to_owned()
}

impl AwsError {
    /// Returns how the call went in a few words, for a line that is renewed.
    pub(super) fn brief(&self) -> String {
        match &self.kind {
            ErrorKind::Throttled => "AWS is asked too often".to_owned(),
            ErrorKind::TimedOut => "no answer in time".to_owned(),
            ErrorKind::Lost(reason) => format!("the answer was lost ({reason})"),
            ErrorKind::Failed { status, .. } => format!("AWS failed to answer ({status})"),
            _ => self.to_string().trim_end_matches('.').to_owned(),
        }
    }
}
