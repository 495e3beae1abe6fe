//! Values that may be computed: paths, templates, expressions.

use super::Parser;
use super::fields::SCHEMA_VALIDATION_FAILED;
use super::spot::Spot;
use crate::asl::compiled::{Call, Expression, JsonataTemplate, Path, ReferencePath, Template};
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Node, has_substitution};
use crate::asl::place::Span;
use crate::asl::setting::{Arguments, ResultPath, Selection, Setting, Text};
use crate::query::SyntaxError;
use crate::query::jsonata::{Binding, CompileError, Refusal, expression_text};
use crate::query::path::Root;

const INVALID_JSONATA_EXPRESSION: &str = "INVALID_JSONATA_EXPRESSION";
const UNSUPPORTED_JSONATA_EXPRESSION: &str = "UNSUPPORTED_JSONATA_EXPRESSION";

/// Fields that may point into the context object; AWS refuses it in those that count items and failures of a Map state.
const MAY_POINT_INTO_CONTEXT: [&str; 4] =
    ["SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"];

impl Parser {
    /// Reads `InputPath` or `OutputPath`.
    pub(super) fn selection(&mut self, object: &Spot<'_, '_>, field: &str) -> Option<Selection> {
        let spot = object.get(field)?;
        if spot.node.is_null() {
            return Some(Selection::Null);
        }
        self.path(&spot).map(Selection::Path)
    }

    pub(super) fn path(&mut self, spot: &Spot<'_, '_>) -> Option<Path> {
        let text = self.text(spot)?;
        match Path::compile(text) {
            Ok(path) => Some(path),
            Err(_) if spot.node.is_substitution() => Path::compile("$").ok(),
            Err(error) => {
                self.refuse(spot, "Value must be a valid JSONPath.");
                self.hint(format!("'{text}' is not one: {error}."));
                None
            }
        }
    }

    /// Reads a path that must denote one place of the input.
    pub(super) fn reference_path(&mut self, spot: &Spot<'_, '_>) -> Option<ReferencePath> {
        let text = self.text(spot)?;
        match ReferencePath::compile(text) {
            Ok(path) => Some(path),
            Err(_) if spot.node.is_substitution() => ReferencePath::compile("$").ok(),
            Err(error) => {
                self.not_a_reference(spot, text, &error);
                None
            }
        }
    }

    fn not_a_reference(&mut self, spot: &Spot<'_, '_>, text: &str, error: &SyntaxError) {
        if text.starts_with('$') {
            self.refuse(spot, "Value is not a Reference Path");
            self.hint(format!("'{text}' is not one: {error}."));
        } else {
            self.refuse(spot, "Value is not a Reference Path: Reference path didn't start with '$'");
        }
    }

    /// Reads `ResultPath`, which can only write to the input.
    pub(super) fn result_path(&mut self, object: &Spot<'_, '_>) -> Option<ResultPath> {
        let spot = object.get("ResultPath")?;
        if spot.node.is_null() {
            return Some(ResultPath::Discard);
        }
        let path = self.reference_path(&spot)?;
        if *path.root() != Root::Input {
            self.refuse(&spot, "Value is not a Reference Path");
            self.hint("ResultPath writes into the state's input, so it starts with '$.' or is '$'.");
        }
        Some(ResultPath::Into(path))
    }

    /// Reads a payload template.
    pub(super) fn template(&mut self, object: &Spot<'_, '_>, field: &str) -> Option<Template> {
        let spot = object.get(field)?;
        self.template_at(&spot)
    }

    pub(super) fn template_at(&mut self, spot: &Spot<'_, '_>) -> Option<Template> {
        let errors = match Template::compile(&spot.node.to_value()) {
            Ok(template) => {
                if self.creating {
                    self.misfits(&spot.location(), spot.node);
                }
                return Some(template);
            }
            Err(errors) => errors,
        };
        for error in errors {
            let (location, holder) = descend(spot, &error.pointer);
            let member = holder.members().and_then(|members| members.iter().rev().find(|m| *m.key == *error.field));
            if member.is_some_and(|member| member.value.is_substitution()) {
                continue;
            }
            let span = member.map_or(holder.span, |member| member.value.span);
            self.template_error(location, span, &error);
        }
        None
    }

    /// Finds calls with a constant that their function cannot take.
    fn misfits(&mut self, location: &str, node: &Node) {
        for member in node.members().unwrap_or_default() {
            match member.value.text() {
                Some(text) if member.key.ends_with(".$") && Call::is_meant(text) => {
                    if Call::compile(text).is_ok_and(|call| call.has_misfit()) {
                        self.runnable.insert(self.diagnostics.len());
                        let message = not_an_expression(&member.key);
                        self.report(SCHEMA_VALIDATION_FAILED, location.to_owned(), member.value.span, message);
                        self.hint("A string in quotes is not a number.");
                    }
                }
                Some(_) => {}
                None => self.misfits(&format!("{location}/{}", member.key), &member.value),
            }
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            self.misfits(&format!("{location}[{index}]"), item);
        }
    }

    fn template_error(&mut self, location: String, span: Span, error: &crate::query::template::TemplateError) {
        use crate::query::template::TemplateProblem;
        let field = &error.field;
        match &error.problem {
            TemplateProblem::NotText => {
                self.report(SCHEMA_VALIDATION_FAILED, location, span, not_an_expression(field));
                self.hint("A field whose name ends in '.$' must be a string.");
            }
            TemplateProblem::Expression(reason) => {
                self.report(SCHEMA_VALIDATION_FAILED, location, span, not_an_expression(field));
                self.hint(format!("It is not one: {reason}."));
            }
            TemplateProblem::TooDeep => {
                self.report(SCHEMA_VALIDATION_FAILED, location, span, "The value is nested too deeply");
            }
            TemplateProblem::Duplicate => {
                let message = format!("Duplicate field '{}'", field.trim_end_matches(".$"));
                self.report(SCHEMA_VALIDATION_FAILED, location, span, message);
                self.hint("Two fields have the same name once '.$' is taken off.");
            }
        }
    }

    /// Reads what is evaluated after a state's work.
    pub(super) fn after_work<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.after_work = true;
        let read = read(self);
        self.after_work = false;
        read
    }

    /// Reads JSON whose strings may be JSONata.
    pub(super) fn jsonata(&mut self, object: &Spot<'_, '_>, field: &str) -> Option<JsonataTemplate> {
        let spot = object.get(field)?;
        self.jsonata_at(&spot)
    }

    pub(super) fn jsonata_at(&mut self, spot: &Spot<'_, '_>) -> Option<JsonataTemplate> {
        let errors = match JsonataTemplate::compile(&spot.node.to_value()) {
            Ok(template) => {
                if template.expressions().iter().any(|expression| !self.unsupported_in(expression).is_empty()) {
                    self.unsupported(&spot.location(), spot.node);
                }
                return Some(template);
            }
            Err(errors) => errors,
        };
        for error in errors {
            let (location, node) = descend(spot, &error.pointer);
            self.jsonata_error(location, node, &error.error);
        }
        None
    }

    /// Finds the expressions that read a name from nothing, each at its own place.
    fn unsupported(&mut self, location: &str, node: &Node) {
        match &node.data {
            Data::Text(text) => {
                if let Some(Ok(expression)) = expression_text(text).map(Expression::compile) {
                    self.unsupported_names(location, node.span, &expression);
                }
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.unsupported(&format!("{location}[{index}]"), item);
                }
            }
            Data::Object(members) => {
                for member in members {
                    self.unsupported(&format!("{location}/{}", member.key), &member.value);
                }
            }
            _ => {}
        }
    }

    fn unsupported_names(&mut self, location: &str, span: Span, expression: &Expression) {
        for (message, hint) in self.unsupported_in(expression) {
            self.report(UNSUPPORTED_JSONATA_EXPRESSION, location.to_owned(), span, message);
            self.hint(hint);
        }
    }

    /// Returns what AWS refuses of an expression that is well formed, and what to write instead.
    fn unsupported_in(&self, expression: &Expression) -> Vec<(String, String)> {
        let with_hint = |refusal: &Refusal| (refusal.to_string(), hint(refusal));
        let mut found: Vec<_> = expression.refusals().iter().map(with_hint).collect();
        if !self.in_catcher && expression.references().uses(&Binding::ErrorOutput) {
            let message = "Field '$states.errorOutput' does not exist.".to_owned();
            found.push((message, "Only Output and Assign of a catcher know the error.".to_owned()));
        }
        if !self.after_work && expression.references().uses(&Binding::Result) {
            let message = "Field '$states.result' does not exist.".to_owned();
            found
                .push((message, "Only Output and Assign of a Task, Parallel or Map state know the result.".to_owned()));
        }
        found
    }

    fn jsonata_error(&mut self, location: String, node: &Node, error: &CompileError) {
        if !node.is_substitution() {
            self.report(INVALID_JSONATA_EXPRESSION, location, node.span, error.message.to_string());
        }
    }

    /// Reads the items of a Map: a list, or an expression. Objects are for distributed Map states.
    pub(super) fn items(&mut self, state: &Spot<'_, '_>) -> Option<JsonataTemplate> {
        let spot = state.get("Items")?;
        let fits = match &spot.node.data {
            Data::List(_) | Data::Object(_) => true,
            Data::Text(text) => expression_text(text).is_some(),
            _ => false,
        };
        if !fits && !spot.node.is_substitution() {
            self.refuse(&spot, "Expected value of type [ARRAY]");
            self.hint("Items is a list, or an expression between '{%' and '%}' that gives one.");
            return None;
        }
        self.jsonata_at(&spot)
    }

    /// Reads a text that must be an expression between `{%` and `%}`.
    pub(super) fn expression(&mut self, spot: &Spot<'_, '_>, text: &str) -> Option<Expression> {
        match Expression::compile(text) {
            Ok(expression) => {
                self.unsupported_names(&spot.location(), spot.node.span, &expression);
                Some(expression)
            }
            Err(_) if spot.node.is_substitution() => Expression::compile("null").ok(),
            Err(error) => {
                self.jsonata_error(spot.location(), spot.node, &error);
                None
            }
        }
    }

    /// Reads a value that is fixed, or pointed at by the field of the same name ending in `Path`, or computed.
    pub(super) fn setting<T>(
        &mut self,
        object: &Spot<'_, '_>,
        (field, path_field): (&str, &str),
        language: QueryLanguage,
        fixed: impl FnOnce(&mut Self, &Spot<'_, '_>) -> Option<T>,
    ) -> Option<Setting<T>> {
        if !self.at_most_one(object, &[field, path_field]) {
            return None;
        }
        match language {
            QueryLanguage::JsonPath => {
                if let Some(spot) = object.get(path_field) {
                    let path = self.reference_path(&spot)?;
                    if *path.root() == Root::Context && !MAY_POINT_INTO_CONTEXT.contains(&path_field) {
                        self.refuse(&spot, "Value is not a Reference Path");
                        self.hint("The context object cannot be used here.");
                    }
                    return Some(Setting::Path(path.path().clone()));
                }
            }
            QueryLanguage::Jsonata => {
                if let Some(spot) = object.get(field)
                    && let Some(source) = spot.node.text().and_then(expression_text)
                {
                    return self.expression(&spot, source).map(Setting::Expression);
                }
            }
        }
        let spot = object.get(field)?;
        fixed(self, &spot).map(Setting::Fixed)
    }

    /// Reads a text that is fixed, or computed by JSONata, or found by the field of the other name.
    pub(super) fn computed_text(
        &mut self,
        object: &Spot<'_, '_>,
        (field, path_field): (&str, &str),
        language: QueryLanguage,
    ) -> Option<Text> {
        if !self.at_most_one(object, &[field, path_field]) {
            return None;
        }
        if language == QueryLanguage::JsonPath
            && let Some(spot) = object.get(path_field)
        {
            return self.path_or_call(&spot);
        }
        let spot = object.get(field)?;
        let text = self.text(&spot)?;
        match expression_text(text) {
            Some(source) if language == QueryLanguage::Jsonata => self.expression(&spot, source).map(Text::Expression),
            _ => Some(Text::Fixed(text.to_owned())),
        }
    }

    /// Reads a path, or an intrinsic function that gives a text.
    fn path_or_call(&mut self, spot: &Spot<'_, '_>) -> Option<Text> {
        let text = self.text(spot)?;
        if text.starts_with('$') {
            return self.path(spot).map(Text::Path);
        }
        let message = "Value must be a valid JSONPath or a valid intrinsic function call";
        match Call::compile(text) {
            Ok(call) if call.gives_text() => Some(Text::Call(call)),
            Ok(_) => {
                self.refuse(spot, message);
                self.hint("The function must give a string.");
                None
            }
            Err(_) if has_substitution(text) => None,
            Err(error) => {
                self.refuse(spot, message);
                self.hint(format!("'{text}' is not one: {error}."));
                None
            }
        }
    }

    /// Reads `Parameters` or `Arguments` of something that takes a payload.
    pub(super) fn arguments(
        &mut self,
        object: &Spot<'_, '_>,
        (path_field, jsonata_field): (&str, &str),
        language: QueryLanguage,
    ) -> Option<Arguments> {
        match language {
            QueryLanguage::JsonPath => self.template(object, path_field).map(Arguments::JsonPath),
            QueryLanguage::Jsonata => self.jsonata(object, jsonata_field).map(Arguments::Jsonata),
        }
    }

    /// Reads `Assign` of a JSONPath state.
    pub(super) fn assign(&mut self, object: &Spot<'_, '_>) -> Option<Template> {
        let spot = object.get("Assign")?;
        self.variable_names(&spot);
        self.template_at(&spot)
    }

    /// Reads `Assign` of a JSONata state.
    pub(super) fn assign_jsonata(&mut self, object: &Spot<'_, '_>) -> Option<JsonataTemplate> {
        let spot = object.get("Assign")?;
        self.variable_names(&spot);
        self.jsonata_at(&spot)
    }

    /// Complains about variables that cannot be called so.
    fn variable_names(&mut self, assign: &Spot<'_, '_>) {
        if assign.node.is_substitution() {
            return;
        }
        let Data::Object(members) = &assign.node.data else {
            return self.refuse(assign, "Expected value of type [OBJECT]");
        };
        for member in members {
            let name = member.key.strip_suffix(".$").unwrap_or(&member.key);
            self.assignments.add(name, &assign.location(), member.key_span);
            if !is_variable_name(name) && !has_substitution(name) {
                let message = format!("The variable name '{name}' is not valid");
                self.report(SCHEMA_VALIDATION_FAILED, assign.location(), member.key_span, message);
                self.hint(
                    "A name starts with a letter, goes on with letters, digits and '_', has at most 80 characters, \
                     and is not 'states'.",
                );
            }
        }
    }
}

/// What to write instead of what AWS refuses.
fn hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Root | Refusal::Context => "An expression starts from '$states' or a variable.".to_owned(),
        Refusal::Name(name) => {
            format!("An expression starts from '$states' or a variable: '$states.input.{name}', '${name}'.")
        }
        Refusal::States(_) => {
            "'$states' has input, context, result after a task, and errorOutput in a catcher.".to_owned()
        }
        Refusal::Eval => "Step Functions has no '$eval'; '$parse' reads JSON.".to_owned(),
    }
}

fn not_an_expression(field: &str) -> String {
    format!("The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call")
}

/// A variable's name is a Unicode identifier of at most 80 characters, and not `states`.
fn is_variable_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
        && name.chars().count() <= 80
        && name != "states"
}

/// Follows a JSON Pointer below a value and returns the location as AWS writes it.
pub(super) fn descend<'a>(spot: &Spot<'_, 'a>, pointer: &str) -> (String, &'a Node) {
    let mut location = spot.location();
    let mut node = spot.node;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let below = match &node.data {
            Data::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => node.get(&step),
        };
        match node.data {
            Data::List(_) => location.push_str(&format!("[{step}]")),
            _ => location.push_str(&format!("/{step}")),
        }
        match below {
            Some(below) => node = below,
            None => break,
        }
    }
    (location, node)
}
