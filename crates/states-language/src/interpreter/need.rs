//! What an execution needs from outside, as values.

use crate::asl::Resource;
use crate::event::{EventType, Failure, Timestamp};
use crate::json::Payload;
use serde_json::Value;
use std::sync::Arc;

/// The number of a question an execution asks; never used twice by one execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(super) u64);

/// Something an execution cannot do by itself.
#[derive(Debug, Clone)]
pub enum Need {
    /// A task wants to be done.
    Task(TaskRequest),
    /// A distributed Map wants to read its items.
    Read(ReadRequest),
    /// A distributed Map wants its results written.
    Write(WriteRequest),
}

/// A task that wants to be done.
#[derive(Debug, Clone)]
pub struct TaskRequest {
    /// What to answer with.
    pub id: RequestId,
    /// The ARN of the execution that asks; a child's when a distributed Map is running.
    pub execution: Arc<str>,
    /// When it was asked for.
    pub asked: Timestamp,
    /// The state that asks.
    pub state: Arc<str>,
    /// The indexes of the Map iterations it stands in, outermost first.
    pub path: Vec<u32>,
    /// How often this visit of the state has asked before.
    pub attempt: u32,
    /// Who is to do it.
    pub resource: Arc<Resource>,
    /// The parameters of the call, or the input of the function or activity.
    pub parameters: Payload,
    /// Seconds until it has failed.
    pub timeout: Option<u64>,
    /// Seconds of silence until it has failed.
    pub heartbeat: Option<u64>,
    /// The role to call in.
    pub role: Option<Arc<str>>,
    /// The task token that `$$.Task.Token` is; tasks that wait for more than a response have one.
    pub token: Option<Arc<str>>,
}

/// How a task ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// With a result.
    Succeeded(Payload),
    /// With an error.
    Failed(Failure),
    /// With an error told by another event than the usual one, such as `TaskSubmitFailed`.
    FailedAs(EventType, Failure),
    /// It took too long.
    TimedOut,
    /// It was silent for too long.
    HeartbeatMissed,
}

/// Items that want to be read.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// What to answer with.
    pub id: RequestId,
    /// The Map state that asks.
    pub state: Arc<str>,
    /// Whether objects are listed instead of one being read.
    pub action: ReadAction,
    /// The bucket.
    pub bucket: String,
    /// The object's key, or the prefix of the keys to list.
    pub key: String,
    /// All parameters of the call.
    pub parameters: Value,
}

/// What to do with a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAction {
    /// Read one object.
    Get,
    /// List objects.
    List,
}

/// What was read.
#[derive(Debug, Clone)]
pub enum Read {
    /// The content of an object.
    Object(Vec<u8>),
    /// The objects of a bucket.
    Listing(Vec<ListedObject>),
}

/// An object of a bucket.
#[derive(Debug, Clone)]
pub struct ListedObject {
    /// Its entity tag, quotes included.
    pub etag: String,
    /// When it was last changed, in seconds since 1970.
    pub last_modified: i64,
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Results that want to be written.
#[derive(Debug, Clone)]
pub struct WriteRequest {
    /// What to answer with.
    pub id: RequestId,
    /// The Map state that asks.
    pub state: Arc<str>,
    /// The bucket.
    pub bucket: String,
    /// Key and content of every object.
    pub objects: Vec<(String, String)>,
}
