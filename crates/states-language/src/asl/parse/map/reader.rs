//! ItemReader.

use crate::asl::machine::QueryLanguage;
use crate::asl::parse::Parser;
use crate::asl::parse::fields::{ITEM_READER, READER_CONFIG};
use crate::asl::parse::spot::Spot;
use crate::asl::state::{
    CsvDelimiter, CsvHeaders, InputType, ItemReader, ManifestType, ReaderConfig, ReaderTransformation,
};

const INPUT_TYPES: &[(&str, InputType)] = &[
    ("CSV", InputType::Csv),
    ("JSON", InputType::Json),
    ("JSONL", InputType::Jsonl),
    ("PARQUET", InputType::Parquet),
    ("MANIFEST", InputType::Manifest),
];

const DELIMITERS: &[(&str, CsvDelimiter)] = &[
    ("COMMA", CsvDelimiter::Comma),
    ("PIPE", CsvDelimiter::Pipe),
    ("SEMICOLON", CsvDelimiter::Semicolon),
    ("SPACE", CsvDelimiter::Space),
    ("TAB", CsvDelimiter::Tab),
];

impl Parser {
    pub(super) fn item_reader(&mut self, spot: &Spot<'_, '_>, language: QueryLanguage) -> Option<ItemReader> {
        if !self.known_fields(spot, ITEM_READER, language) {
            return None;
        }
        self.required(spot, &["Resource"]);
        let resource =
            spot.get("Resource").and_then(|resource| self.s3_resource(&resource, &["getObject", "listObjectsV2"]));
        let arguments = self.arguments(spot, ("Parameters", "Arguments"), language);
        let config = match spot.get("ReaderConfig") {
            Some(config) => self.reader_config(&config, language),
            None => Some(ReaderConfig::default()),
        };
        Some(ItemReader { resource: resource?, arguments, config: config? })
    }

    fn reader_config(&mut self, spot: &Spot<'_, '_>, language: QueryLanguage) -> Option<ReaderConfig> {
        if !self.known_fields(spot, READER_CONFIG, language) {
            return None;
        }
        let transformation = spot.get("Transformation").and_then(|transformation| {
            let words =
                [("NONE", ReaderTransformation::None), ("LOAD_AND_FLATTEN", ReaderTransformation::LoadAndFlatten)];
            self.one_of(&transformation, "Transformation", &words)
        });
        let manifest_type = spot.get("ManifestType").and_then(|manifest| {
            let words = [("S3_INVENTORY", ManifestType::S3Inventory), ("ATHENA_DATA", ManifestType::AthenaData)];
            self.one_of(&manifest, "ManifestType", &words)
        });
        // AWS: at most 100,000,000 items; 0 is recorded to mean no limit.
        let max_items = self.count(spot, ("MaxItems", "MaxItemsPath"), language, (0, 100_000_000));
        Some(ReaderConfig {
            input_type: spot.get("InputType").and_then(|input| self.one_of(&input, "InputType", INPUT_TYPES)),
            transformation: transformation.unwrap_or_default(),
            manifest_type,
            csv_headers: self.csv_headers(spot),
            csv_delimiter: spot
                .get("CSVDelimiter")
                .and_then(|delimiter| self.one_of(&delimiter, "CSVDelimiter", DELIMITERS))
                .unwrap_or_default(),
            items_pointer: self.optional_text(spot, "ItemsPointer"),
            max_items,
        })
    }

    fn csv_headers(&mut self, config: &Spot<'_, '_>) -> CsvHeaders {
        let given = config
            .get("CSVHeaderLocation")
            .and_then(|location| self.one_of(&location, "CSVHeaderLocation", &[("FIRST_ROW", false), ("GIVEN", true)]));
        let headers = config.get("CSVHeaders").and_then(|headers| self.texts(&headers));
        match (given, headers) {
            (Some(true), Some(headers)) => CsvHeaders::Given(headers),
            (Some(true), None) => {
                self.required(config, &["CSVHeaders"]);
                CsvHeaders::default()
            }
            (Some(false), Some(_)) => {
                self.refuse(config, "Field 'CSVHeaders' is not supported");
                self.hint("CSVHeaders belongs to a CSVHeaderLocation of GIVEN.");
                CsvHeaders::default()
            }
            _ => CsvHeaders::default(),
        }
    }
}
