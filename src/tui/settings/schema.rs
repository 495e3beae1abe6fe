//! The JSON schema of the configuration file, for editors that know TOML.

use super::{Role, Theme};
use crate::tui::action::ENTRIES;
use serde_json::{Map, Value, json};

/// Returns the schema: the settings, every action that can have keys, and every role that can have a colour.
pub fn settings_schema() -> Value {
    let themes: Vec<&str> = Theme::NAMES.iter().map(|(name, _)| *name).collect();
    let keys: Map<String, Value> = ENTRIES
        .iter()
        .map(|entry| (entry.name.to_owned(), json!({ "type": "string", "description": entry.sentence })))
        .collect();
    let colors: Map<String, Value> =
        Role::ALL.iter().map(|role| (role.name(), json!({ "$ref": "#/$defs/color" }))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of stepback (config.toml)",
        "type": "object",
        "properties": {
            "theme": { "enum": themes, "description": "The theme, unless the terminal is to choose." },
            "ascii": { "type": "boolean", "description": "Whether only ASCII signs are shown." },
            "mouse": { "type": "boolean", "description": "Whether the mouse is used; false leaves it to the terminal." },
            "folder": { "type": "string", "description": "The folder to open without a target; a leading ~ is the home folder." },
            "keys": {
                "type": "object",
                "description": "Keys of actions, separated by spaces, in place of those they have.",
                "properties": keys,
                "additionalProperties": false
            },
            "colors": {
                "type": "object",
                "description": "Colours of single roles.",
                "properties": colors,
                "additionalProperties": false
            }
        },
        "additionalProperties": false,
        "$defs": {
            "color": {
                "anyOf": [
                    { "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" },
                    { "type": "integer", "minimum": 0, "maximum": 255 }
                ],
                "description": "#rrggbb, or the number of a colour of the terminal."
            }
        }
    })
}
