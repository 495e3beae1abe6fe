//! Addresses of the console's pages: the ARN stands in the fragment, encoded or not, whatever the page.

use super::{Remote, RemoteError, RemoteKind, arn};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Addresses that pass through a sign-in page are encoded once for each page on the way.
const LAYERS: usize = 4;

/// The console leaves these as they are.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

pub(super) fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

pub(super) fn parse(address: &str) -> Result<Remote, RemoteError> {
    let mut text = address.to_owned();
    for _ in 0..LAYERS {
        if let Some(arn) = arn_in(&text) {
            return arn::parse(arn);
        }
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    Err(RemoteError::NoArnInAddress(address.split(['?', '#']).next().unwrap_or_default().chars().take(80).collect()))
}

/// Returns the first ARN in some text, up to what cannot be part of one.
fn arn_in(text: &str) -> Option<&str> {
    let rest = text.get(text.find("arn:aws")?..)?;
    // Names hold other characters than these, which stay encoded for a layer longer where they do.
    let end = rest.find(|c: char| c.is_whitespace() || "?#&%\"'<>".contains(c)).unwrap_or(rest.len());
    let arn = rest.get(..end)?.trim_end_matches('/');
    (arn.matches(':').count() >= 5).then_some(arn)
}

pub(super) fn of(remote: &Remote) -> String {
    let host = match &*remote.partition {
        "aws-cn" => "console.amazonaws.cn",
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    };
    let page = match remote.kind {
        RemoteKind::Execution { .. } => "v2/executions/details",
        RemoteKind::Express { .. } => "express-executions/details",
        RemoteKind::Machine { .. } => "statemachines/view",
        RemoteKind::MapRun { .. } => "v2/map-runs/details",
    };
    let (region, arn) = (&remote.region, remote.arn());
    format!("https://{region}.{host}/states/home?region={region}#/{page}/{}", utf8_percent_encode(&arn, KEPT))
}
