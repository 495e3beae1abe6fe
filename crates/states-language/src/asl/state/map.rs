//! Map: a processor runs for each item of a list.

use crate::asl::compiled::{JsonataTemplate, Path, Template};
use crate::asl::machine::{ScopeId, Transition};
use crate::asl::resource::Resource;
use crate::asl::retry::{Catcher, Retrier};
use crate::asl::setting::{Arguments, ResultPath, Selection, Setting};
use std::sync::Arc;

/// A Map state.
#[derive(Debug, Clone)]
pub struct Map {
    /// The states run for each item: `ItemProcessor`, or `Iterator` as it used to be called.
    pub processor: ScopeId,
    /// How the items are run.
    pub mode: MapMode,
    /// `MaxConcurrency` or `MaxConcurrencyPath`; 0 sets no limit.
    pub max_concurrency: Option<Setting<u32>>,
    /// `ToleratedFailureCount` or its path; recordings show that an inline Map may have it, to no effect.
    pub tolerated_count: Option<Setting<u64>>,
    /// `ToleratedFailurePercentage` or its path; the same.
    pub tolerated_percentage: Option<Setting<f64>>,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// How data flows through it.
    pub data: MapData,
    /// What follows.
    pub next: Transition,
}

/// How the items of a Map state are run.
#[derive(Debug, Clone)]
pub enum MapMode {
    /// Within the execution.
    Inline,
    /// As child executions of their own.
    Distributed(Box<Distributed>),
}

impl Map {
    /// Returns what `$$.Map.Item.Source` says of items that are the state's own data; only distributed Maps tell.
    pub fn own_source(&self) -> Option<Arc<str>> {
        matches!(self.mode, MapMode::Distributed(_)).then(|| "STATE_DATA".into())
    }
}

/// How data flows through a Map state.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a state is boxed, and a machine seldom mixes languages")]
pub enum MapData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
        /// `ItemsPath`; absent: the effective input.
        items_path: Option<Path>,
        /// `ItemSelector`, or `Parameters` as it used to be called.
        item_selector: Option<Template>,
        /// `ResultSelector`.
        result_selector: Option<Template>,
        /// `ResultPath`.
        result_path: Option<ResultPath>,
        /// `Assign`.
        assign: Option<Template>,
        /// `OutputPath`.
        output_path: Option<Selection>,
    },
    /// With JSONata.
    Jsonata {
        /// `Items`: an array whose strings may be expressions, or one expression; absent: the input.
        items: Option<JsonataTemplate>,
        /// `ItemSelector`.
        item_selector: Option<JsonataTemplate>,
        /// `Output`; absent: the result.
        output: Option<JsonataTemplate>,
        /// `Assign`.
        assign: Option<JsonataTemplate>,
    },
}

/// What only a distributed Map state has.
#[derive(Debug, Clone)]
pub struct Distributed {
    /// The type of the child executions.
    pub execution_type: ExecutionType,
    /// `Label`: the name of the Map Run in ARNs.
    pub label: Option<String>,
    /// `ItemReader`; absent: the items are state data.
    pub reader: Option<ItemReader>,
    /// `ItemBatcher`.
    pub batcher: Option<ItemBatcher>,
    /// `ResultWriter`.
    pub writer: Option<ResultWriter>,
}

/// `ProcessorConfig.ExecutionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`.
    Standard,
    /// `EXPRESS`.
    Express,
}

/// `ItemReader`: where the items come from.
#[derive(Debug, Clone)]
pub struct ItemReader {
    /// `s3:getObject` or `s3:listObjectsV2`.
    pub resource: Resource,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Arguments>,
    /// `ReaderConfig`, defaults filled in.
    pub config: ReaderConfig,
}

/// `ReaderConfig`: how to make items of what was read.
#[derive(Debug, Clone, Default)]
pub struct ReaderConfig {
    /// `InputType`; absent for a list of objects.
    pub input_type: Option<InputType>,
    /// `Transformation`.
    pub transformation: ReaderTransformation,
    /// `ManifestType`; meaningful for [`InputType::Manifest`].
    pub manifest_type: Option<ManifestType>,
    /// `CSVHeaderLocation` and `CSVHeaders`.
    pub csv_headers: CsvHeaders,
    /// `CSVDelimiter`.
    pub csv_delimiter: CsvDelimiter,
    /// `ItemsPointer`: the JSON pointer to the items in a JSON file.
    pub items_pointer: Option<String>,
    /// `MaxItems` or `MaxItemsPath`; 0 sets no limit.
    pub max_items: Option<Setting<u64>>,
}

/// `InputType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputType {
    /// `CSV`.
    Csv,
    /// `JSON`.
    Json,
    /// `JSONL`.
    Jsonl,
    /// `PARQUET`.
    Parquet,
    /// `MANIFEST`.
    Manifest,
}

/// `ReaderConfig.Transformation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReaderTransformation {
    /// `NONE`: listed objects are the items.
    #[default]
    None,
    /// `LOAD_AND_FLATTEN`: the items are what the listed objects contain.
    LoadAndFlatten,
}

/// `ManifestType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestType {
    /// `S3_INVENTORY`.
    S3Inventory,
    /// `ATHENA_DATA`.
    AthenaData,
}

/// Where the column names of a CSV file are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CsvHeaders {
    /// `FIRST_ROW`.
    #[default]
    FirstRow,
    /// `GIVEN`: these.
    Given(Vec<String>),
}

/// `CSVDelimiter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsvDelimiter {
    /// `COMMA`.
    #[default]
    Comma,
    /// `PIPE`.
    Pipe,
    /// `SEMICOLON`.
    Semicolon,
    /// `SPACE`.
    Space,
    /// `TAB`.
    Tab,
}

/// `ItemBatcher`: how many items go to one child execution.
#[derive(Debug, Clone)]
pub struct ItemBatcher {
    /// `MaxItemsPerBatch` or its path.
    pub max_items: Option<Setting<u64>>,
    /// `MaxInputBytesPerBatch` or its path.
    pub max_input_bytes: Option<Setting<u64>>,
    /// `BatchInput`: what every batch is given besides its items.
    pub batch_input: Option<Arguments>,
}

/// `ResultWriter`: where the results go.
#[derive(Debug, Clone)]
pub struct ResultWriter {
    /// `s3:putObject`; absent: results only go to the output.
    pub resource: Option<Resource>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Arguments>,
    /// `WriterConfig`.
    pub config: Option<WriterConfig>,
}

/// `WriterConfig`: the form of written results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterConfig {
    /// `Transformation`.
    pub transformation: WriterTransformation,
    /// `OutputType`.
    pub output_type: OutputType,
}

/// `WriterConfig.Transformation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriterTransformation {
    /// `NONE`: outputs with everything known about their execution.
    None,
    /// `COMPACT`: outputs only.
    Compact,
    /// `FLATTEN`: outputs only, arrays spliced.
    Flatten,
}

/// `WriterConfig.OutputType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputType {
    /// `JSON`.
    Json,
    /// `JSONL`.
    Jsonl,
}
