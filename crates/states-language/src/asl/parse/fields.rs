//! Which fields there are, and what AWS says about one that does not belong.

use super::Parser;
use super::spot::Spot;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::has_substitution;

pub(super) const SCHEMA_VALIDATION_FAILED: &str = "SCHEMA_VALIDATION_FAILED";

/// A field and the language it is for; `None` when it is for both.
pub(super) type Field = (&'static str, Option<QueryLanguage>);

const PATH: Option<QueryLanguage> = Some(QueryLanguage::JsonPath);
const JSONATA: Option<QueryLanguage> = Some(QueryLanguage::Jsonata);

/// Fields every state has.
const COMMON: &[Field] = &[("Type", None), ("Comment", None), ("QueryLanguage", None)];
const NEXT: &[Field] = &[("Next", None), ("End", None)];
const FILTERS: &[Field] = &[("InputPath", PATH), ("OutputPath", PATH)];
const RESULT: &[Field] = &[("ResultPath", PATH), ("ResultSelector", PATH)];
const OUTPUT: &[Field] = &[("Output", JSONATA)];
const ASSIGN: &[Field] = &[("Assign", None)];
const ERRORS: &[Field] = &[("Retry", None), ("Catch", None)];

/// The fields of each type of state.
pub(super) const PASS: &[&[Field]] =
    &[COMMON, NEXT, FILTERS, OUTPUT, ASSIGN, &[("Parameters", PATH), ("Result", PATH), ("ResultPath", PATH)]];
pub(super) const TASK: &[&[Field]] = &[
    COMMON,
    NEXT,
    FILTERS,
    RESULT,
    OUTPUT,
    ASSIGN,
    ERRORS,
    &[
        ("Resource", None),
        ("Parameters", PATH),
        ("Arguments", JSONATA),
        ("Credentials", None),
        ("TimeoutSeconds", None),
        ("TimeoutSecondsPath", PATH),
        ("HeartbeatSeconds", None),
        ("HeartbeatSecondsPath", PATH),
    ],
];
pub(super) const CHOICE: &[&[Field]] = &[COMMON, FILTERS, OUTPUT, ASSIGN, &[("Choices", None), ("Default", None)]];
pub(super) const WAIT: &[&[Field]] = &[
    COMMON,
    NEXT,
    FILTERS,
    OUTPUT,
    ASSIGN,
    &[("Seconds", None), ("SecondsPath", PATH), ("Timestamp", None), ("TimestampPath", PATH)],
];
/// `End` is needless in a Succeed or Fail state; AWS's pages say that they do not need it, not that it is refused.
const END: &[Field] = &[("End", None)];
pub(super) const SUCCEED: &[&[Field]] = &[COMMON, END, FILTERS, OUTPUT];
pub(super) const FAIL: &[&[Field]] =
    &[COMMON, END, &[("Error", None), ("ErrorPath", PATH), ("Cause", None), ("CausePath", PATH)]];
pub(super) const PARALLEL: &[&[Field]] = &[
    COMMON,
    NEXT,
    FILTERS,
    RESULT,
    OUTPUT,
    ASSIGN,
    ERRORS,
    &[("Branches", None), ("Parameters", PATH), ("Arguments", JSONATA)],
];
pub(super) const MAP: &[&[Field]] = &[
    COMMON,
    NEXT,
    FILTERS,
    RESULT,
    OUTPUT,
    ASSIGN,
    ERRORS,
    &[
        ("ItemProcessor", None),
        ("Iterator", None),
        ("Parameters", PATH),
        ("ItemsPath", PATH),
        ("Items", JSONATA),
        ("ItemSelector", None),
        ("MaxConcurrency", None),
        ("MaxConcurrencyPath", PATH),
        ("ItemReader", None),
        ("ItemBatcher", None),
        ("ResultWriter", None),
        ("Label", None),
        ("ToleratedFailureCount", None),
        ("ToleratedFailureCountPath", PATH),
        ("ToleratedFailurePercentage", None),
        ("ToleratedFailurePercentagePath", PATH),
    ],
];

/// The fields of what stands inside states.
pub(super) const MACHINE: &[&[Field]] = &[&[
    ("Comment", None),
    ("QueryLanguage", None),
    ("StartAt", None),
    ("States", None),
    ("Version", None),
    ("TimeoutSeconds", None),
]];
pub(super) const BRANCH: &[&[Field]] = &[&[("Comment", None), ("StartAt", None), ("States", None)]];
pub(super) const PROCESSOR: &[&[Field]] =
    &[&[("Comment", None), ("StartAt", None), ("States", None), ("ProcessorConfig", None)]];
pub(super) const PROCESSOR_CONFIG: &[&[Field]] = &[&[("Mode", None), ("ExecutionType", None)]];
pub(super) const RETRIER: &[&[Field]] = &[&[
    ("Comment", None),
    ("ErrorEquals", None),
    ("IntervalSeconds", None),
    ("MaxAttempts", None),
    ("BackoffRate", None),
    ("MaxDelaySeconds", None),
    ("JitterStrategy", None),
]];
pub(super) const CATCHER: &[&[Field]] = &[&[
    ("Comment", None),
    ("ErrorEquals", None),
    ("Next", None),
    ("ResultPath", PATH),
    ("Output", JSONATA),
    ("Assign", None),
]];
pub(super) const JSONATA_RULE: &[&[Field]] =
    &[&[("Comment", None), ("Next", None), ("Assign", None), ("Condition", JSONATA), ("Output", JSONATA)]];
pub(super) const ITEM_READER: &[&[Field]] =
    &[&[("Resource", None), ("Parameters", PATH), ("Arguments", JSONATA), ("ReaderConfig", None)]];
pub(super) const READER_CONFIG: &[&[Field]] = &[&[
    ("InputType", None),
    ("Transformation", None),
    ("ManifestType", None),
    ("CSVHeaderLocation", None),
    ("CSVHeaders", None),
    ("CSVDelimiter", None),
    ("ItemsPointer", None),
    ("MaxItems", None),
    ("MaxItemsPath", PATH),
]];
pub(super) const ITEM_BATCHER: &[&[Field]] = &[&[
    ("MaxItemsPerBatch", None),
    ("MaxItemsPerBatchPath", PATH),
    ("MaxInputBytesPerBatch", None),
    ("MaxInputBytesPerBatchPath", PATH),
    ("BatchInput", None),
]];
pub(super) const RESULT_WRITER: &[&[Field]] =
    &[&[("Resource", None), ("Parameters", PATH), ("Arguments", JSONATA), ("WriterConfig", None)]];
pub(super) const WRITER_CONFIG: &[&[Field]] = &[&[("Transformation", None), ("OutputType", None)]];

impl Parser {
    /// Complains about members that do not belong into an object, and about a value that is no object.
    ///
    /// AWS names the object, not the member.
    pub(super) fn known_fields(&mut self, object: &Spot<'_, '_>, known: &[&[Field]], language: QueryLanguage) -> bool {
        if object.node.is_substitution() {
            return false;
        }
        let Some(members) = object.node.members() else {
            self.refuse(object, "Expected value of type [OBJECT]");
            return false;
        };
        for member in members.iter().filter(|member| !has_substitution(&member.key)) {
            let found = known.iter().copied().flatten().find(|(name, _)| *name == &*member.key);
            let message = match found {
                Some((_, None)) => continue,
                Some((_, Some(only))) if *only == language => continue,
                Some((name, Some(only))) => format!(
                    "The QueryLanguage is set to '{}', but field '{name}' is only supported for the '{}' QueryLanguage",
                    language.name(),
                    only.name()
                ),
                None => format!("Field '{}' is not supported", member.key),
            };
            self.report(SCHEMA_VALIDATION_FAILED, object.location(), member.key_span, message);
            if found.is_none()
                && let Some(similar) = similar(&member.key, known, language)
            {
                self.hint(format!("Perhaps '{similar}' is meant."));
            }
        }
        true
    }

    /// Complains about fields that are missing, all of them in one sentence.
    pub(super) fn required(&mut self, object: &Spot<'_, '_>, fields: &[&str]) -> bool {
        let mut missing: Vec<&str> = fields.iter().copied().filter(|name| object.node.get(name).is_none()).collect();
        if missing.is_empty() {
            return true;
        }
        if object.node.has_open_keys() {
            self.leave_open();
            return false;
        }
        // AWS keeps them in a Java HashSet, and prints them in its order.
        missing.sort_by_key(|name| java_bucket(name));
        self.refuse(object, format!("These fields are required: [{}]", missing.join(", ")));
        false
    }

    /// Complains when more than one of several fields is there.
    pub(super) fn at_most_one(&mut self, object: &Spot<'_, '_>, fields: &[&str]) -> bool {
        let count = count(object, fields);
        if count > 1 {
            self.refuse(object, format!("There should only be one of the following fields: [{}]", fields.join(", ")));
        }
        count <= 1
    }

    /// Complains when not exactly one of several fields is there; AWS says the same of none and of several.
    pub(super) fn exactly_one(&mut self, object: &Spot<'_, '_>, fields: &[&str]) -> bool {
        let count = count(object, fields);
        if count == 0 && object.node.has_open_keys() {
            self.leave_open();
            return false;
        }
        if count != 1 {
            let fields = fields.join(", ");
            self.refuse(object, format!("This object should have only one of the following fields: [{fields}]"));
        }
        count == 1
    }
}

fn count(object: &Spot<'_, '_>, fields: &[&str]) -> usize {
    fields.iter().filter(|name| object.node.get(name).is_some()).count()
}

/// Returns where Java's `HashSet` of up to twelve names keeps a name.
fn java_bucket(name: &str) -> u32 {
    let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    (hash ^ (hash >> 16)) & 15
}

/// Finds a field whose name is nearly the same: other case, or one letter more, less or different.
fn similar(name: &str, known: &[&[Field]], language: QueryLanguage) -> Option<&'static str> {
    let allowed = known.iter().copied().flatten().filter(|(_, only)| only.is_none_or(|only| only == language));
    allowed.map(|(field, _)| *field).find(|field| field.eq_ignore_ascii_case(name) || one_edit(field, name))
}

fn one_edit(a: &str, b: &str) -> bool {
    let (a, b) = if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    front + back + 1 >= b.len()
}
