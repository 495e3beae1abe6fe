//! The tools: each a command with the options an assistant may give, none of which writes a file or changes anything.
//!
//! What an option does is told in the words of the command's help. A member of a schema that says something else is one
//! the command line has in another form.

use super::commands::Commands;
use serde_json::{Map, Value, json};

/// A tool.
#[derive(Debug)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// The command that answers, and the options it always has; none of `open`.
    pub command: &'static [&'static str],
    /// What it tells, for the assistant that chooses.
    pub says: &'static str,
    /// What it takes.
    pub params: &'static [Param],
    /// Whether what it tells is made of what the assistant gave, unless a recording is named.
    pub is_local: bool,
}

/// An argument.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// The option it becomes, without the dashes; `None` for a positional argument.
    pub option: Option<&'static str>,
    /// What it may be.
    pub takes: Takes,
    /// Whether it must be given.
    pub required: bool,
    /// What it is, where the help of the command does not tell.
    pub says: &'static str,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// An execution: a path below the served folders or, where that is allowed, an address in AWS.
    Execution,
    /// Several paths.
    Paths,
    /// A definition: its JSON, or a path of a definition, a template or a recording.
    Definition,
    /// Any JSON.
    Json,
    /// A patch of a definition: an object, or a list of operations.
    Patch,
    /// Answers of tasks.
    Answers,
    /// Text.
    Text,
    /// A name.
    Name,
    /// Text, or a number.
    Event,
    /// A whole number.
    Number,
    /// Two whole numbers.
    Two,
    /// Yes or no.
    Flag,
    /// One of these words, each with the options it stands for.
    Choice(&'static [(&'static str, &'static [&'static str])]),
    /// Kept for the tool itself.
    Own(&'static str),
}

const fn given(name: &'static str, takes: Takes) -> Param {
    Param { name, option: Some(name), takes, required: false, says: "" }
}

const fn named(name: &'static str, option: &'static str, takes: Takes) -> Param {
    Param { name, option: Some(option), takes, required: false, says: "" }
}

const fn first(name: &'static str, takes: Takes, says: &'static str) -> Param {
    Param { name, option: None, takes, required: true, says }
}

const fn own(name: &'static str, kind: &'static str, says: &'static str) -> Param {
    Param { name, option: None, takes: Takes::Own(kind), required: false, says }
}

const TARGET: Param = first("target", Takes::Execution, "A recording or history: a path as the tool open tells it.");
const EXECUTION: Param = given("execution", Takes::Text);

/// The arguments that every tool takes.
pub const COMMON: [Param; 2] = [
    own("part", "string", "Only this part of the answer, as an answer named it: $.visits[20:]."),
    own("bytes", "integer", "Size of the answer, 500 to 60000 [default: 2500]."),
];

/// All of them, in the order in which they are told.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "open",
        command: &[],
        says: "List the recordings that can be asked about or, with a target, what is in it. Start here when no path is known.",
        params: &[Param {
            name: "target",
            option: None,
            takes: Takes::Execution,
            required: false,
            says: "A file or folder [default: all that is served].",
        }],
        is_local: false,
    },
    Tool {
        name: "why",
        command: &["why", "--json"],
        says: "The root cause of a failed execution, down through Maps, Map Runs and nested executions: the state, its event, the error, what the failed evaluation read, retries, and what the failing items have in common. Ask this first.",
        params: &[TARGET, EXECUTION],
        is_local: false,
    },
    Tool {
        name: "show",
        command: &["show", "--json"],
        says: "The states of an execution as a tree, one state with its data, the moment after an event, the events, usage against AWS's limits, or bookmarks.",
        params: &[
            TARGET,
            EXECUTION,
            given("state", Takes::Text),
            given("at", Takes::Number),
            Param {
                name: "what",
                option: None,
                takes: Takes::Choice(&[
                    ("tree", &[]),
                    ("events", &["--events"]),
                    ("budget", &["--budget"]),
                    ("bookmarks", &["--bookmarks"]),
                ]),
                required: false,
                says: "What to show [default: tree].",
            },
            own(
                "event_type",
                "string",
                "Of events: only those whose type contains this, such as Failed or TaskScheduled.",
            ),
            own("from", "integer", "Of events: from this id on."),
            own("to", "integer", "Of events: up to this id."),
        ],
        is_local: false,
    },
    Tool {
        name: "trace",
        command: &["trace", "--json"],
        says: "Where a value came from, back through states, branches, items and nested executions to its origin, or what used it (forward). The event defaults to the failure.",
        params: &[
            TARGET,
            first("path", Takes::Text, ""),
            EXECUTION,
            given("event", Takes::Number),
            given("state", Takes::Text),
            given("input", Takes::Flag),
            given("output", Takes::Flag),
            given("forward", Takes::Flag),
        ],
        is_local: false,
    },
    Tool {
        name: "diff",
        command: &["diff", "--json"],
        says: "What differs between two executions and where they first part; with target alone, against the last good run of the same machine in the same folder. Also two definitions, two JSON documents, or attempts and items within one execution.",
        params: &[
            first("target", Takes::Execution, "The new one when alone; of two, the old one."),
            Param {
                name: "with",
                option: None,
                takes: Takes::Execution,
                required: false,
                says: "The new one, to compare target with.",
            },
            given("state", Takes::Text),
            given("attempts", Takes::Two),
            given("items", Takes::Two),
            given("through", Takes::Flag),
            given("all", Takes::Flag),
        ],
        is_local: false,
    },
    Tool {
        name: "explain",
        command: &["show", "--explain", "--json"],
        says: "Why a state went where it went: Choice rules with what they read, retriers and catchers with their verdicts, waits. The failed state, or the one named.",
        params: &[TARGET, EXECUTION, given("state", Takes::Text), given("at", Takes::Number)],
        is_local: false,
    },
    Tool {
        name: "flow",
        command: &["show", "--flow", "--json"],
        says: "The data flow through a state, stage by stage (InputPath, Parameters, Arguments, ResultSelector, Output …), recomputed and checked. The failed state, or the one named.",
        params: &[TARGET, EXECUTION, given("state", Takes::Text), given("at", Takes::Number)],
        is_local: false,
    },
    Tool {
        name: "replay",
        command: &["replay", "--json"],
        says: "Run a recorded execution again on the local interpreter with its recorded task results and your edits: proves a fix without touching AWS. Without edits it tells whether the replay agrees with what was recorded.",
        params: &[
            TARGET,
            EXECUTION,
            given("input", Takes::Json),
            Param {
                name: "answers",
                option: Some("answers"),
                takes: Takes::Answers,
                required: false,
                says: "Task results instead of the recorded ones, by state: {\"GetQuote\":[{\"result\":{…}}]}, one entry for each attempt; an entry is {\"result\":…} or {\"error\":…,\"cause\":…}.",
            },
            named("patch", "patch", Takes::Patch),
            given("definition", Takes::Definition),
            given("from", Takes::Event),
            given("until", Takes::Text),
        ],
        is_local: false,
    },
    Tool {
        name: "run",
        command: &["run", "--json"],
        says: "Run a definition on the local interpreter with an input and task results. Nothing is called: each task needs an answer.",
        params: &[
            first(
                "definition",
                Takes::Definition,
                "A definition as JSON, or the path of one, of a template or of a recording.",
            ),
            given("input", Takes::Json),
            Param {
                name: "answers",
                option: Some("answers"),
                takes: Takes::Answers,
                required: false,
                says: "Task results by state: {\"Pay\":[{\"result\":{…}}]}.",
            },
            given("type", Takes::Text),
            given("machine", Takes::Name),
        ],
        is_local: true,
    },
    Tool {
        name: "test_state",
        command: &["test-state", "--json"],
        says: "Test one state as AWS's TestState does, without calling anything: Task, Parallel and Map states need mock_result or mock_error.",
        params: &[
            first(
                "definition",
                Takes::Definition,
                "A definition or a single state as JSON, or the path of a definition.",
            ),
            given("state", Takes::Text),
            given("input", Takes::Json),
            named("mock_result", "mock-result", Takes::Json),
            named("mock_error", "mock-error", Takes::Text),
            named("mock_cause", "mock-cause", Takes::Text),
            given("variables", Takes::Json),
            given("context", Takes::Json),
            named("inspection_level", "inspection-level", Takes::Text),
            named("retrier_retry_count", "retrier-retry-count", Takes::Number),
        ],
        is_local: true,
    },
    Tool {
        name: "query",
        command: &["query"],
        says: "Evaluate a JSONPath, an intrinsic function, JSONata ({% … %}) or a payload template as Step Functions would, on the input given.",
        params: &[
            first("expression", Takes::Text, ""),
            Param {
                name: "input",
                option: None,
                takes: Takes::Json,
                required: false,
                says: "The JSON document that \"$\" means, and $states.input of JSONata [default: {}].",
            },
            given("context", Takes::Json),
            given("variables", Takes::Json),
        ],
        is_local: true,
    },
    Tool {
        name: "check",
        command: &["check", "--json"],
        says: "What AWS would say about a definition: errors word for word, and warnings for mistakes AWS lets pass.",
        params: &[
            first(
                "definition",
                Takes::Definition,
                "A definition as JSON, or the path of a definition, a template or a recording.",
            ),
            given("type", Takes::Text),
            given("severity", Takes::Text),
        ],
        is_local: true,
    },
    Tool {
        name: "fleet",
        command: &["fleet", "--json"],
        says: "Group similar failures of many recordings, and tell what the failing inputs have in common and the passing ones lack.",
        params: &[
            first("paths", Takes::Paths, "Folders of recordings, and recordings."),
            given("machine", Takes::Text),
            given("map", Takes::Text),
        ],
        is_local: false,
    },
];

/// Returns the tool of that name.
pub fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// Returns what it takes, with what every tool takes.
    pub fn all_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().chain(&COMMON)
    }

    /// Returns it as the protocol tells it.
    pub fn told(&self, commands: &dyn Commands) -> Value {
        let options = self.command.first().map(|command| commands.options(command)).unwrap_or_default();
        let help = |param: &Param| {
            let name = param.option.unwrap_or(param.name);
            let found = options.iter().find(|option| option.name == name);
            match param.says {
                "" => found.map(|option| option.help.clone()).unwrap_or_default(),
                says => says.to_owned(),
            }
        };
        let values = |param: &Param| {
            let name = param.option.unwrap_or(param.name);
            options.iter().find(|option| option.name == name).map(|option| option.values.clone()).unwrap_or_default()
        };
        let mut properties = Map::new();
        for param in self.all_params() {
            let mut schema = schema(param.takes);
            let values = values(param);
            if param.takes == Takes::Text && !values.is_empty() {
                schema.insert("enum".to_owned(), json!(values));
            }
            schema.insert("description".to_owned(), help(param).into());
            properties.insert(param.name.to_owned(), Value::Object(schema));
        }
        let required: Vec<&str> = self.params.iter().filter(|param| param.required).map(|param| param.name).collect();
        json!({
            "name": self.name,
            "description": self.says,
            "inputSchema": { "type": "object", "properties": properties, "required": required, "additionalProperties": false },
            "annotations": { "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false },
        })
    }
}

fn schema(takes: Takes) -> Map<String, Value> {
    let told = match takes {
        Takes::Execution | Takes::Text | Takes::Name => json!({ "type": "string" }),
        Takes::Paths => json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        Takes::Definition => json!({ "type": ["object", "string"] }),
        Takes::Json => json!({}),
        Takes::Patch => json!({ "type": ["object", "array"] }),
        Takes::Answers => json!({ "type": "object" }),
        Takes::Event => json!({ "type": ["string", "integer"] }),
        Takes::Number => json!({ "type": "integer", "minimum": 0 }),
        Takes::Two => {
            json!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2, "maxItems": 2 })
        }
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Choice(words) => {
            json!({ "type": "string", "enum": words.iter().map(|(word, _)| word).collect::<Vec<_>>() })
        }
        Takes::Own(kind) => json!({ "type": kind }),
    };
    match told {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
