//! Writes the stepback/1 form.

use super::field::write_unknown;
use super::{Events, FORMAT, MapRun, Recording};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

impl Recording {
    /// Writes the recording as one indented JSON document.
    pub fn to_writer(&self, mut writer: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut writer, self)?;
        writer.write_all(b"\n")
    }
}

impl Serialize for Recording {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        if !self.recorded.is_blank() {
            map.serialize_entry("recorded", &self.recorded)?;
        }
        if let Some(execution) = &self.execution {
            map.serialize_entry("execution", execution)?;
        }
        if let Some(state_machine) = &self.state_machine {
            map.serialize_entry("stateMachine", state_machine)?;
        }
        map.serialize_entry("events", &self.events)?;
        write_list(&mut map, "mapRuns", &self.map_runs)?;
        write_list(&mut map, "children", &self.children)?;
        write_list(&mut map, "logs", &self.logs)?;
        write_list(&mut map, "bookmarks", &self.bookmarks)?;
        write_list(&mut map, "redactions", &self.redactions)?;
        write_unknown(&mut map, &self.unknown)?;
        map.end()
    }
}

fn write_list<S: SerializeMap>(map: &mut S, name: &'static str, list: &[impl Serialize]) -> Result<(), S::Error> {
    if list.is_empty() { Ok(()) } else { map.serialize_entry(name, list) }
}

impl Serialize for Events {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for MapRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(map_run) = &self.map_run {
            map.serialize_entry("mapRun", map_run)?;
        }
        map.serialize_entry("executions", &self.executions)?;
        write_unknown(&mut map, &self.unknown)?;
        map.end()
    }
}
