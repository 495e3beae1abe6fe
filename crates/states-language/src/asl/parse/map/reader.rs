//! ItemReader.

use crate::asl::machine::QueryLanguage;
use crate::asl::parse::Parser;
use crate::asl::parse::fields::{ITEM_READER, READER_CONFIG};
use crate::asl::parse::service::parameters_field;
use crate::asl::parse::spot::Spot;
use crate::asl::resource::Resource;
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
        if let Some(Resource::Service(call)) = &resource {
            let required: &[&str] = if call.api == "getObject" { &["Bucket", "Key"] } else { &["Bucket"] };
            self.s3_parameters(spot, parameters_field(language), required);
        }
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
            self.one_of(&transformation, &words)
        });
        let manifest_type = spot.get("ManifestType").and_then(|manifest| {
            let words = [("S3_INVENTORY", ManifestType::S3Inventory), ("ATHENA_DATA", ManifestType::AthenaData)];
            self.one_of(&manifest, &words)
        });
        self.fields_of_type(spot);
        // AWS: at most 100,000,000 items; 0 is recorded to mean no limit.
        let max_items = self.count(spot, ("MaxItems", "MaxItemsPath"), language, (0, 100_000_000));
        Some(ReaderConfig {
            input_type: spot.get("InputType").and_then(|input| self.one_of(&input, INPUT_TYPES)),
            transformation: transformation.unwrap_or_default(),
            manifest_type,
            csv_headers: self.csv_headers(spot),
            csv_delimiter: spot
                .get("CSVDelimiter")
                .and_then(|delimiter| self.one_of(&delimiter, DELIMITERS))
                .unwrap_or_default(),
            items_pointer: self.optional_text(spot, "ItemsPointer"),
            max_items,
        })
    }

    /// Complains about fields that do not go with the type of the data.
    fn fields_of_type(&mut self, config: &Spot<'_, '_>) {
        let word = |field: &str| config.node.get(field).and_then(|node| node.text());
        let (input, manifest) = (word("InputType"), word("ManifestType"));
        let flattens = word("Transformation") == Some("LOAD_AND_FLATTEN");
        let missing = |field: &'static str| config.node.get(field).is_none().then_some(field);
        let needed = match input {
            None if flattens => missing("InputType"),
            Some("CSV") if manifest.is_none() => missing("CSVHeaderLocation"),
            _ => None,
        };
        if let Some(field) = needed.filter(|_| self.creating) {
            self.runnable.insert(self.diagnostics.len());
            self.required(config, &[field]);
        }
        let Some(input) = input.filter(|input| INPUT_TYPES.iter().any(|(word, _)| word == input)) else { return };
        let of_csv = input == "CSV" || input == "MANIFEST";
        let pointed = input == "JSON";
        let listed = input == "MANIFEST" || manifest == Some("ATHENA_DATA");
        let fields = [
            ("CSVHeaderLocation", of_csv),
            ("CSVHeaders", of_csv),
            ("CSVDelimiter", of_csv),
            ("ItemsPointer", pointed),
            ("ManifestType", listed),
        ];
        for (field, fits) in fields {
            if !fits && config.node.get(field).is_some() {
                self.refuse_creation(config, format!("Field '{field}' is not supported"));
                self.hint_creation(format!("It does not go with an InputType of {input}."));
            }
        }
    }

    fn csv_headers(&mut self, config: &Spot<'_, '_>) -> CsvHeaders {
        let given = config
            .get("CSVHeaderLocation")
            .filter(|location| !location.node.is_substitution())
            .and_then(|location| self.one_of(&location, &[("FIRST_ROW", false), ("GIVEN", true)]));
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
