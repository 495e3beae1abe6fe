//! Map.

mod reader;

use super::Parser;
use super::fields::{
    ITEM_BATCHER, PROCESSOR, PROCESSOR_CONFIG, RESULT_WRITER, SCHEMA_VALIDATION_FAILED, WRITER_CONFIG,
};
use super::service::parameters_field;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::{Container, MachineKind, QueryLanguage};
use crate::asl::node::Data;
use crate::asl::setting::Setting;
use crate::asl::state::{
    Distributed, ExecutionType, ItemBatcher, Map, MapData, MapMode, OutputType, ResultWriter, WriterConfig,
    WriterTransformation,
};
use crate::query::jsonata::is_expression;

/// What only a distributed Map state may have.
const DISTRIBUTED_ONLY: [&str; 4] = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

/// What is of use only to a distributed Map state.
const TOLERANCES: [&str; 4] = [
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

const LONGEST_LABEL: usize = 40;

/// `ProcessorConfig.Mode`.
#[derive(Clone, Copy)]
enum Mode {
    Inline,
    Distributed(ExecutionType),
}

impl Parser {
    pub(super) fn map(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Option<Map> {
        let one = self.exactly_one(state, &["ItemProcessor", "Iterator"]);
        let field = if state.node.get("ItemProcessor").is_some() { "ItemProcessor" } else { "Iterator" };
        let processor = state.get(field).filter(|_| one);
        let mode = processor.as_ref().and_then(|processor| self.mode(processor));
        let data = self.map_data(state, language);
        let max_concurrency =
            self.setting(state, ("MaxConcurrency", "MaxConcurrencyPath"), language, |parser, spot| {
                parser.whole(spot, 0, i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok())
            });
        let counts = ("ToleratedFailureCount", "ToleratedFailureCountPath");
        let tolerated_count = self.count(state, counts, language, (0, i64::MAX));
        let percentages = ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath");
        let tolerated_percentage =
            self.setting(state, percentages, language, |parser, spot| parser.decimal(spot, 0.0, 100.0));
        // Child executions see no variables of their parent.
        let around = matches!(mode, Some(Mode::Inline)).then_some(here.scope);
        let mode = self.map_mode(state, mode, language);
        let retry = self.retriers(state);
        let catch = self.catchers(state, here, language);
        let next = self.transition(state, here);
        let processor = processor
            .and_then(|processor| self.scope(&processor, PROCESSOR, Some(Container::Processor(here.id)), around));
        Some(Map {
            processor: processor?,
            mode: mode?,
            max_concurrency,
            tolerated_count,
            tolerated_percentage,
            retry,
            catch,
            data,
            next: next?,
        })
    }

    /// Returns how a processor runs; `None` also when only a deployment knows it.
    fn mode(&mut self, processor: &Spot<'_, '_>) -> Option<Mode> {
        if processor.node.is_substitution() || processor.node.has_open_keys() {
            return None;
        }
        let Some(config) = processor.get("ProcessorConfig") else {
            return Some(Mode::Inline);
        };
        if !self.known_fields(&config, PROCESSOR_CONFIG, self.language) {
            return None;
        }
        let distributed = match config.get("Mode") {
            None if config.node.has_open_keys() => return None,
            None => false,
            Some(mode) if self.is_open(&mode) => return None,
            Some(mode) => self.one_of(&mode, &[("INLINE", false), ("DISTRIBUTED", true)])?,
        };
        let execution_type = config.get("ExecutionType").and_then(|execution_type| {
            let types = [("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)];
            self.one_of(&execution_type, &types)
        });
        if !distributed {
            if config.get("ExecutionType").is_some() {
                self.refuse_creation(&config, "Field 'ExecutionType' is not supported");
                self.hint_creation("Only a Map state whose Mode is DISTRIBUTED has this field.");
            }
            return Some(Mode::Inline);
        }
        self.required(&config, &["ExecutionType"]);
        if self.kind == MachineKind::Express {
            let message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
            self.refuse(&config, message);
        }
        execution_type.map(Mode::Distributed)
    }

    fn map_data(&mut self, state: &Spot<'_, '_>, language: QueryLanguage) -> MapData {
        match language {
            QueryLanguage::JsonPath => {
                self.at_most_one(state, &["ItemSelector", "Parameters"]);
                let selector = if state.node.get("ItemSelector").is_some() { "ItemSelector" } else { "Parameters" };
                MapData::JsonPath {
                    input_path: self.selection(state, "InputPath"),
                    items_path: state.get("ItemsPath").and_then(|items| self.path(&items)),
                    item_selector: self.template(state, selector),
                    result_selector: self.template(state, "ResultSelector"),
                    result_path: self.result_path(state),
                    assign: self.assign(state),
                    output_path: self.selection(state, "OutputPath"),
                }
            }
            QueryLanguage::Jsonata => MapData::Jsonata {
                items: self.items(state),
                item_selector: self.jsonata(state, "ItemSelector"),
                output: self.after_work(|parser| parser.jsonata(state, "Output")),
                assign: self.after_work(|parser| parser.assign_jsonata(state)),
            },
        }
    }

    fn map_mode(&mut self, state: &Spot<'_, '_>, mode: Option<Mode>, language: QueryLanguage) -> Option<MapMode> {
        let execution_type = match mode? {
            Mode::Distributed(execution_type) => execution_type,
            Mode::Inline => {
                for field in DISTRIBUTED_ONLY {
                    if let Some(spot) = state.get(field) {
                        let message = format!("Field '{field}' is not supported");
                        self.report(SCHEMA_VALIDATION_FAILED, state.location(), spot.node.span, message);
                        self.hint("Only a Map state whose ProcessorConfig.Mode is DISTRIBUTED has this field.");
                    }
                }
                self.tolerances(state);
                return Some(MapMode::Inline);
            }
        };
        Some(MapMode::Distributed(Box::new(Distributed {
            execution_type,
            label: state.get("Label").and_then(|label| self.label(&label)),
            reader: state.get("ItemReader").and_then(|reader| self.item_reader(&reader, language)),
            batcher: state.get("ItemBatcher").and_then(|batcher| self.item_batcher(&batcher, language)),
            writer: state.get("ResultWriter").and_then(|writer| self.result_writer(&writer, language)),
        })))
    }

    /// Complains about tolerances of a Map state that is not distributed. Those computed by JSONata were recorded to
    /// be accepted, and are left alone.
    fn tolerances(&mut self, state: &Spot<'_, '_>) {
        for field in TOLERANCES {
            let computed = |spot: &Spot<'_, '_>| spot.node.text().is_some_and(is_expression);
            if state.get(field).is_some_and(|spot| !computed(&spot)) {
                self.refuse_creation(state, format!("Field '{field}' is not supported"));
                self.hint_creation("Only a Map state whose ProcessorConfig.Mode is DISTRIBUTED has this field.");
            }
        }
    }

    fn count(
        &mut self,
        object: &Spot<'_, '_>,
        fields: (&str, &str),
        language: QueryLanguage,
        (least, most): (i64, i64),
    ) -> Option<Setting<u64>> {
        self.setting(object, fields, language, |parser, spot| {
            parser.whole(spot, least, most).and_then(|number| u64::try_from(number).ok())
        })
    }

    /// Reads a `Label`, which becomes part of the ARN of every child execution.
    fn label(&mut self, spot: &Spot<'_, '_>) -> Option<String> {
        let text = self.text(spot)?;
        let forbidden = |character: char| {
            character.is_whitespace() || character.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(character)
        };
        if !spot.node.is_substitution() && (text.chars().count() > LONGEST_LABEL || text.contains(forbidden)) {
            self.report("INVALID_LABEL_NAME", spot.location(), spot.node.span, format!("Invalid label name: {text}"));
            self.hint("A label has at most 40 characters, no white space, and none of ?*<>{}[]:;,\\|^~$#%&`\".");
        }
        if !self.labels.insert(text.to_owned()) && !spot.node.is_substitution() {
            self.report(
                "DUPLICATE_LABEL_NAME",
                spot.location(),
                spot.node.span,
                format!("Duplicate label name: {text}"),
            );
        }
        Some(text.to_owned())
    }

    fn item_batcher(&mut self, spot: &Spot<'_, '_>, language: QueryLanguage) -> Option<ItemBatcher> {
        if !self.known_fields(spot, ITEM_BATCHER, language) {
            return None;
        }
        let max_items = self.count(spot, ("MaxItemsPerBatch", "MaxItemsPerBatchPath"), language, (0, i64::MAX));
        let bytes = ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath");
        let max_input_bytes = self.count(spot, bytes, language, (0, 262_144));
        let fields = ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
        if fields.iter().all(|field| spot.node.get(field).is_none()) && !spot.node.has_open_keys() {
            self.refuse(spot, format!("One of the following fields is required: [{}]", fields.join(", ")));
        }
        let batch_input = self.arguments(spot, ("BatchInput", "BatchInput"), language);
        Some(ItemBatcher { max_items, max_input_bytes, batch_input })
    }

    fn result_writer(&mut self, spot: &Spot<'_, '_>, language: QueryLanguage) -> Option<ResultWriter> {
        if !self.known_fields(spot, RESULT_WRITER, language) {
            return None;
        }
        if spot.node.members().is_some_and(<[_]>::is_empty) {
            self.refuse_creation(spot, "Value cannot be empty");
        }
        let resource = spot.get("Resource").and_then(|resource| self.s3_resource(&resource, &["putObject"]));
        let field = parameters_field(language);
        if resource.is_some() {
            self.s3_parameters(spot, field, &["Bucket"]);
        } else if spot.get(field).is_some() && self.creating && spot.get("Resource").is_none() {
            self.runnable.insert(self.diagnostics.len());
            self.required(spot, &["Resource"]);
        }
        let arguments = self.arguments(spot, ("Parameters", "Arguments"), language);
        let config = spot.get("WriterConfig").and_then(|config| self.writer_config(&config));
        Some(ResultWriter { resource, arguments, config })
    }

    fn writer_config(&mut self, spot: &Spot<'_, '_>) -> Option<WriterConfig> {
        if !self.known_fields(spot, WRITER_CONFIG, self.language) {
            return None;
        }
        let transformation = spot.get("Transformation").and_then(|transformation| {
            let words = [
                ("NONE", WriterTransformation::None),
                ("COMPACT", WriterTransformation::Compact),
                ("FLATTEN", WriterTransformation::Flatten),
            ];
            self.one_of(&transformation, &words)
        });
        let output_type = spot.get("OutputType").and_then(|output_type| {
            self.one_of(&output_type, &[("JSON", OutputType::Json), ("JSONL", OutputType::Jsonl)])
        });
        Some(WriterConfig {
            transformation: transformation.unwrap_or(WriterTransformation::None),
            output_type: output_type.unwrap_or(OutputType::Json),
        })
    }

    /// Reads a list of texts.
    fn texts(&mut self, spot: &Spot<'_, '_>) -> Option<Vec<String>> {
        if !matches!(spot.node.data, Data::List(_)) && spot.node.is_substitution() {
            return Some(Vec::new());
        }
        let list = self.list(spot)?;
        list.iter().map(|item| self.text(item).map(str::to_owned)).collect()
    }
}
