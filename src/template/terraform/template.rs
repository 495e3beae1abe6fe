//! Templates: strings, heredocs and files with `${…}` and `%{…}` in them.

use super::eval::{Evaluator, Here, pairs};
use super::value::Value;
use crate::asl::Diagnostic;
use crate::template::finding;
use crate::template::text::{Mapped, offset};
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Template};

impl Evaluator<'_> {
    /// Puts a template together, with the places its parts stand at.
    pub fn template<'t>(&self, elements: impl Iterator<Item = &'t Element>, is_quoted: bool, here: Here<'_>) -> Mapped {
        let elements: Vec<&Element> = elements.collect();
        let mut out = Mapped::default();
        for (index, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(literal) => {
                    let span = here.span(literal);
                    let mapped = Mapped::literal(literal, &self.sources.slice(span), span.start, is_quoted);
                    let before = index.checked_sub(1).and_then(|index| elements.get(index));
                    let trim_start = before.is_some_and(|element| strips(element).1);
                    let trim_end = elements.get(index + 1).is_some_and(|element| strips(element).0);
                    out.copy(&mapped, from(mapped.text(), trim_start), to(mapped.text(), trim_end));
                }
                Element::Interpolation(interpolation) => {
                    let place = here.span(interpolation).start;
                    let value = self.value(&interpolation.expr, here);
                    match value.to_text() {
                        // What came from elsewhere is told where it was put in.
                        Some(text) => out.push(text.text(), place, false),
                        None => out.push(&format!("${{{}}}", self.name_of(&interpolation.expr, here)), place, false),
                    }
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => out.append(&self.branch(directive, is_quoted, here)),
                    Directive::For(directive) => out.append(&self.repeated(directive, is_quoted, here)),
                },
            }
        }
        out
    }

    fn name_of(&self, expression: &hcl_edit::expr::Expression, here: Here<'_>) -> String {
        match self.unknown(here.span(expression)).what {
            super::value::What::Unknown(name) => name,
            _ => String::new(),
        }
    }

    fn branch(&self, directive: &IfDirective, is_quoted: bool, here: Here<'_>) -> Mapped {
        let holds = self.holds(&directive.if_expr.cond_expr, here);
        let next = match &directive.else_expr {
            Some(other) => other.strip.strip_start(),
            None => directive.endif_expr.strip.strip_start(),
        };
        if holds {
            let text = self.template(directive.if_expr.template.iter(), is_quoted, here.deeper());
            return trimmed(&text, directive.if_expr.strip.strip_end(), next);
        }
        let Some(other) = &directive.else_expr else { return Mapped::default() };
        let text = self.template(other.template.iter(), is_quoted, here.deeper());
        trimmed(&text, other.strip.strip_end(), directive.endif_expr.strip.strip_start())
    }

    fn repeated(&self, directive: &ForDirective, is_quoted: bool, here: Here<'_>) -> Mapped {
        let intro = &directive.for_expr;
        let collection = self.value(&intro.collection_expr, here);
        let unknown = |name: &str| Value::unknown(collection.span, name);
        let pairs = pairs(&collection).unwrap_or_else(|| {
            // Of a list nobody knows, one item or none.
            let name = self.name_of(&intro.collection_expr, here);
            let value = unknown(intro.value_var.as_str());
            let key = unknown(intro.key_var.as_ref().map_or("index", |key| key.as_str()));
            if self.take(&format!("{name} has items")) { vec![(key, value)] } else { Vec::new() }
        });
        let mut out = Mapped::default();
        for (key, value) in pairs {
            let mut bindings = here.bindings.to_vec();
            if let Some(name) = &intro.key_var {
                bindings.push((name.as_str().to_owned(), key));
            }
            bindings.push((intro.value_var.as_str().to_owned(), value));
            let here = Here { bindings: &bindings, ..here.deeper() };
            let text = self.template(intro.template.iter(), is_quoted, here);
            out.append(&trimmed(&text, intro.strip.strip_end(), directive.endfor_expr.strip.strip_start()));
        }
        out
    }

    /// Evaluates a text as a template, as `templatefile` and the old `template_file` do.
    pub fn rendered(&self, text: &str, here: Here<'_>) -> Result<Mapped, Diagnostic> {
        match text.parse::<Template>() {
            Ok(template) => Ok(self.template(template.iter(), false, here)),
            Err(error) => {
                let at = here.start + offset(error.location().offset());
                let message = format!("The template cannot be read: {}.", error.message());
                Err(finding("INVALID_TEMPLATE", message, crate::asl::Span { start: at, end: at + 1 }))
            }
        }
    }
}

/// Whether space is stripped before and behind an element.
fn strips(element: &Element) -> (bool, bool) {
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(it) => (it.strip.strip_start(), it.strip.strip_end()),
        Element::Directive(directive) => match &**directive {
            Directive::If(it) => (it.if_expr.strip.strip_start(), it.endif_expr.strip.strip_end()),
            Directive::For(it) => (it.for_expr.strip.strip_start(), it.endfor_expr.strip.strip_end()),
        },
    }
}

fn from(text: &str, trim: bool) -> usize {
    if trim { text.len() - text.trim_start().len() } else { 0 }
}

fn to(text: &str, trim: bool) -> usize {
    if trim { text.trim_end().len() } else { text.len() }
}

fn trimmed(text: &Mapped, start: bool, end: bool) -> Mapped {
    let mut out = Mapped::default();
    out.copy(text, from(text.text(), start), to(text.text(), end));
    out
}
