//! What EventBridge says when an execution changes its status.

use crate::event::Timestamp;
use crate::json::{Member, Members, SharedBytes};
use crate::recording::Execution;

/// Reads a "Step Functions Execution Status Change": what `DescribeExecution` answers stands in its `detail`, with
/// times in milliseconds.
pub(super) fn execution(members: &Members) -> Option<Execution> {
    let kind = members.get("detail-type").or_else(|| members.get("DetailType"))?;
    if !kind.starts_with(b"\"Step Functions Execution Status Change") {
        return None;
    }
    let detail = members.get("detail").or_else(|| members.get("Detail"))?;
    let detail = super::logs::decoded(detail)?;
    Some(Execution::from_members(Members::of(&detail).ok()?.into_vec().into_iter().filter_map(plain).collect()))
}

/// Members without a value are left out, and times written as `DescribeExecution` has them.
fn plain(member: Member) -> Option<Member> {
    if *member.value == *b"null" {
        return None;
    }
    if !matches!(&*member.name, "startDate" | "stopDate" | "redriveDate") {
        return Some(member);
    }
    let time = Timestamp::read(std::str::from_utf8(&member.value).ok()?).ok()?;
    let text = format!("\"{}\"", Timestamp::from_micros(time.as_micros()));
    Some(Member { name: member.name, value: SharedBytes::from(text) })
}
