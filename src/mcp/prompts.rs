//! What a person can ask in a word: each prompt leads through the tools in the order an expert would take.

use super::answer::Unanswered;
use serde_json::{Map, Value, json};

struct Prompt {
    name: &'static str,
    title: &'static str,
    says: &'static str,
    text: &'static str,
}

/// `{target}` stands for the execution.
const PROMPTS: &[Prompt] = &[
    Prompt {
        name: "explain_failure",
        title: "Explain this failure",
        says: "Say what failed, why, and where the bad value came from.",
        text: "Explain why the execution {target} failed.\n\
               1. Call why with it. Take the first of causes: its place, event, error and message. If there is none, look at waiting.\n\
               2. If operands are told, or the cause speaks of a value, call trace with its path and the event, back to its origin.\n\
               3. If a state's decision is in question, call explain for that state; if its data is, call flow.\n\
               4. If there is a good run, call diff with target alone and take its divergence.\n\
               Answer in a few sentences: what failed (state and event), the cause, where it began, and what was retried or caught. \
               Name events and states as the tools do. Say what is not recorded instead of guessing.",
    },
    Prompt {
        name: "prove_fix",
        title: "Propose and prove a fix",
        says: "Find the cause, propose the smallest change, and replay the execution with it.",
        text: "Find and prove a fix for the execution {target}.\n\
               1. Call why, then trace for the value that was wrong or missing.\n\
               2. Decide where the fix belongs: the input, a task's answer, or the definition.\n\
               3. Call replay without edits once: it must agree, or a replay proves nothing.\n\
               4. Call replay with the edit: input, answers (one list per state), or patch (a merge patch of the definition).\n\
               5. If it does not end as wanted, read error, cause and divergence, and change the edit. If tasks are unanswered, \
               give them plausible answers and say that they are assumed.\n\
               6. If the definition is patched, call check with the result when it was not trivial.\n\
               Report the change as code, what the replay came to, and what it rests on: which answers were recorded and which assumed.",
    },
    Prompt {
        name: "incident_note",
        title: "Write the incident note",
        says: "A short note for a ticket: impact, cause, evidence, next steps.",
        text: "Write an incident note for the execution {target}.\n\
               1. Call open for names and times, then why.\n\
               2. Call trace for the origin of the cause, and fleet on its folder for whether others failed alike.\n\
               3. Call diff with target alone for what changed since the last good run.\n\
               Write Markdown with these headings: Summary, Impact, Cause, Evidence (states with event numbers), Next steps. \
               Put in nothing the tools did not tell; no values of payloads.",
    },
];

/// Returns the prompts as the protocol lists them.
pub fn list() -> Value {
    let told = PROMPTS.iter().map(|prompt| {
        json!({
            "name": prompt.name,
            "title": prompt.title,
            "description": prompt.says,
            "arguments": [{ "name": "target", "description": "A recording, as the tool open tells it.", "required": true }],
        })
    });
    json!({ "prompts": told.collect::<Vec<_>>() })
}

/// Returns a prompt about an execution.
pub fn get(name: &str, arguments: &Map<String, Value>) -> Result<Value, Unanswered> {
    let names = || PROMPTS.iter().map(|prompt| prompt.name).collect::<Vec<_>>().join(", ");
    let missing = || Unanswered::Unknown(format!("There is no prompt {name}. The prompts are {}.", names()));
    let prompt = PROMPTS.iter().find(|prompt| prompt.name == name).ok_or_else(missing)?;
    let target = arguments.get("target").and_then(Value::as_str).filter(|target| !target.is_empty());
    let target = target.ok_or_else(|| Unanswered::Unknown("target is missing.".to_owned()))?;
    let text = prompt.text.replace("{target}", &Value::from(target).to_string());
    Ok(json!({
        "description": prompt.says,
        "messages": [{ "role": "user", "content": { "type": "text", "text": text } }],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::tools::TOOLS;

    #[test]
    fn prompts_are_about_a_target_and_lead_through_tools_there_are() {
        for prompt in PROMPTS {
            let arguments = Map::from_iter([("target".to_owned(), json!("a\"b.sfn.json"))]);
            let told = get(prompt.name, &arguments).unwrap();
            let text = told["messages"][0]["content"]["text"].as_str().unwrap();
            assert!(text.contains("\"a\\\"b.sfn.json\""), "{text}");
            for (_, rest) in text.match_indices("all ").map(|(at, _)| text.split_at(at + 4)) {
                let word = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                assert!(TOOLS.iter().any(|tool| tool.name == word), "{word}");
            }
            assert!(get(prompt.name, &Map::new()).is_err());
        }
        assert!(get("nothing", &Map::new()).is_err());
    }
}
