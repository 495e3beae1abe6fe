//! The first pass: words are put together by their binding power (Pratt's way).

use super::super::failure::CompileError;
use super::super::number::Number;
use super::super::regex::Regex;
use super::super::signature::Signature;
use super::lexer::{Lexer, Token};
use super::{Parsed, Refused, error};

/// A node as it is written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: RawKind,
    pub(super) keep_array: bool,
    height: usize,
}

/// What is written.
#[derive(Debug)]
pub(super) enum RawKind {
    Binary(&'static str, Box<Raw>, Box<Raw>),
    Group(Box<Raw>, Vec<(Raw, Raw)>),
    OrderBy(Box<Raw>, Vec<(bool, Raw)>),
    Negate(Box<Raw>),
    Array(Vec<Raw>),
    Object(Vec<(Raw, Raw)>),
    Call { procedure: Box<Raw>, arguments: Vec<Raw>, partial: bool },
    Lambda { parameters: Vec<Box<str>>, signature: Option<Signature>, body: Box<Raw> },
    Condition { test: Box<Raw>, yes: Box<Raw>, no: Option<Box<Raw>> },
    Transform { pattern: Box<Raw>, update: Box<Raw>, delete: Option<Box<Raw>> },
    Block(Vec<Raw>),
    Name(Box<str>),
    Text(Box<str>),
    Number(Number),
    Bool(bool),
    Null,
    Wildcard,
    Descendant,
    Parent,
    Variable(Box<str>),
    Regex(Regex),
    Operator(&'static str),
    Placeholder,
    End,
}

/// Deeper than any evaluation goes, and little enough for any stack.
const MAX_HEIGHT: usize = 200;

/// Parses an expression.
pub(super) fn parse(text: &str) -> Parsed<Raw> {
    let mut parser = Parser { lexer: Lexer::new(text), node: Token::End, depth: 0 };
    parser.advance(false)?;
    let tree = parser.expression(0)?;
    match &parser.node {
        Token::End => Ok(tree),
        other => Err(error("S0201", format!("Syntax error: {}", other.shown())).into()),
    }
}

struct Parser {
    lexer: Lexer,
    /// The word the parser stands before.
    node: Token,
    depth: usize,
}

fn power(token: &Token) -> usize {
    let Token::Operator(sign) = token else { return 0 };
    match *sign {
        "(" | "[" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "^" | "!=" | "<=" | ">=" | "~>" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

fn raw(kind: RawKind) -> Parsed<Raw> {
    let below = height_below(&kind);
    if below >= MAX_HEIGHT { Err(Refused::TooDeep) } else { Ok(Raw { kind, keep_array: false, height: below + 1 }) }
}

fn height_below(kind: &RawKind) -> usize {
    let highest = |nodes: &[Raw]| nodes.iter().map(|node| node.height).max().unwrap_or(0);
    let of_pairs =
        |pairs: &[(Raw, Raw)]| pairs.iter().map(|(key, value)| key.height.max(value.height)).max().unwrap_or(0);
    let optional = |node: &Option<Box<Raw>>| node.as_ref().map_or(0, |node| node.height);
    match kind {
        RawKind::Binary(_, left, right) => left.height.max(right.height),
        RawKind::Group(left, pairs) => left.height.max(of_pairs(pairs)),
        RawKind::OrderBy(left, terms) => left.height.max(terms.iter().map(|(_, term)| term.height).max().unwrap_or(0)),
        RawKind::Negate(node) | RawKind::Lambda { body: node, .. } => node.height,
        RawKind::Array(nodes) | RawKind::Block(nodes) => highest(nodes),
        RawKind::Object(pairs) => of_pairs(pairs),
        RawKind::Call { procedure, arguments, .. } => procedure.height.max(highest(arguments)),
        RawKind::Condition { test, yes, no } => test.height.max(yes.height).max(optional(no)),
        RawKind::Transform { pattern, update, delete } => pattern.height.max(update.height).max(optional(delete)),
        _ => 0,
    }
}

impl Parser {
    fn advance(&mut self, after_value: bool) -> Parsed<Token> {
        let next = self.lexer.next(after_value)?;
        if let Token::Operator(sign @ ("!" | "~")) = next {
            return Err(error("S0204", format!("Unknown operator: \"{sign}\"")).into());
        }
        Ok(std::mem::replace(&mut self.node, next))
    }

    fn is(&self, sign: &str) -> bool {
        matches!(&self.node, Token::Operator(known) if *known == sign)
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), CompileError> {
        if self.is(sign) {
            return Ok(());
        }
        Err(match &self.node {
            Token::End => error("S0203", format!("Expected \"{sign}\" before end of expression")),
            other => error("S0202", format!("Expected \"{sign}\", got {}", other.shown())),
        })
    }

    /// Passes a sign, after which a value begins.
    fn pass(&mut self, sign: &'static str) -> Parsed<()> {
        self.expect(sign)?;
        self.advance(false).map(drop)
    }

    /// Passes a sign that ends a value.
    fn close(&mut self, sign: &'static str) -> Parsed<()> {
        self.expect(sign)?;
        self.advance(true).map(drop)
    }

    fn expression(&mut self, binding: usize) -> Parsed<Raw> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(Refused::TooDeep);
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        while binding < power(&self.node) {
            let token = self.advance(false)?;
            if let Token::Operator(sign) = token {
                left = self.infix(sign, left)?;
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn boxed(&mut self, binding: usize) -> Parsed<Box<Raw>> {
        self.expression(binding).map(Box::new)
    }

    fn prefix(&mut self, token: Token) -> Parsed<Raw> {
        raw(match token {
            Token::Name(name) => RawKind::Name(name.into()),
            Token::Variable(name) => RawKind::Variable(name.into()),
            Token::Text(text) => RawKind::Text(text.into()),
            Token::Number(number) => RawKind::Number(number),
            Token::Bool(value) => RawKind::Bool(value),
            Token::Null => RawKind::Null,
            Token::Regex { pattern, flags } => RawKind::Regex(Regex::compile(&pattern, &flags)?),
            Token::End => RawKind::End,
            Token::Operator(sign) => match sign {
                "and" | "or" | "in" => RawKind::Operator(sign),
                "-" => RawKind::Negate(self.boxed(70)?),
                "*" => RawKind::Wildcard,
                "**" => RawKind::Descendant,
                "%" => RawKind::Parent,
                "(" => self.block()?,
                "[" => self.array()?,
                "{" => RawKind::Object(self.pairs()?),
                "|" => self.transform()?,
                _ => {
                    let message = format!("The symbol \"{sign}\" cannot be used as a unary operator");
                    return Err(error("S0211", message).into());
                }
            },
        })
    }

    fn infix(&mut self, sign: &'static str, left: Raw) -> Parsed<Raw> {
        match sign {
            "(" => self.call(left),
            "[" => self.filter(left),
            "^" => {
                let terms = self.terms()?;
                raw(RawKind::OrderBy(Box::new(left), terms))
            }
            "{" => {
                let pairs = self.pairs()?;
                raw(RawKind::Group(Box::new(left), pairs))
            }
            ":=" => {
                if !matches!(left.kind, RawKind::Variable(_)) {
                    let message = "The left side of := must be a variable name (start with $)";
                    return Err(error("S0212", message).into());
                }
                let right = self.boxed(9)?;
                raw(RawKind::Binary(sign, Box::new(left), right))
            }
            "@" | "#" => {
                let right = self.boxed(80)?;
                if !matches!(right.kind, RawKind::Variable(_)) {
                    let message = format!("The right side of \"{sign}\" must be a variable name (start with $)");
                    return Err(error("S0214", message).into());
                }
                raw(RawKind::Binary(sign, Box::new(left), right))
            }
            "?" => {
                let yes = self.boxed(0)?;
                let no = if self.is(":") {
                    self.pass(":")?;
                    Some(self.boxed(0)?)
                } else {
                    None
                };
                raw(RawKind::Condition { test: Box::new(left), yes, no })
            }
            _ => {
                let right = self.boxed(power(&Token::Operator(sign)))?;
                raw(RawKind::Binary(sign, Box::new(left), right))
            }
        }
    }

    fn block(&mut self) -> Parsed<RawKind> {
        let mut expressions = Vec::new();
        while !self.is(")") {
            expressions.push(self.expression(0)?);
            if !self.is(";") {
                break;
            }
            self.pass(";")?;
        }
        self.close(")")?;
        Ok(RawKind::Block(expressions))
    }

    fn array(&mut self) -> Parsed<RawKind> {
        let mut items = Vec::new();
        if !self.is("]") {
            loop {
                let mut item = self.expression(0)?;
                if self.is("..") {
                    self.pass("..")?;
                    let last = self.boxed(0)?;
                    item = raw(RawKind::Binary("..", Box::new(item), last))?;
                }
                items.push(item);
                if !self.is(",") {
                    break;
                }
                self.pass(",")?;
            }
        }
        self.close("]")?;
        Ok(RawKind::Array(items))
    }

    fn pairs(&mut self) -> Parsed<Vec<(Raw, Raw)>> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.pass(":")?;
                pairs.push((key, self.expression(0)?));
                if !self.is(",") {
                    break;
                }
                self.pass(",")?;
            }
        }
        self.close("}")?;
        Ok(pairs)
    }

    fn terms(&mut self) -> Parsed<Vec<(bool, Raw)>> {
        self.pass("(")?;
        let mut terms = Vec::new();
        loop {
            let descending = self.is(">");
            if descending || self.is("<") {
                self.advance(false)?;
            }
            terms.push((descending, self.expression(0)?));
            if !self.is(",") {
                break;
            }
            self.pass(",")?;
        }
        self.pass(")")?;
        Ok(terms)
    }

    fn transform(&mut self) -> Parsed<RawKind> {
        let pattern = self.boxed(0)?;
        self.pass("|")?;
        let update = self.boxed(0)?;
        let delete = if self.is(",") {
            self.pass(",")?;
            Some(self.boxed(0)?)
        } else {
            None
        };
        self.pass("|")?;
        Ok(RawKind::Transform { pattern, update, delete })
    }

    fn filter(&mut self, mut left: Raw) -> Parsed<Raw> {
        if self.is("]") {
            innermost(&mut left).keep_array = true;
            self.pass("]")?;
            return Ok(left);
        }
        let filter = self.boxed(0)?;
        self.close("]")?;
        raw(RawKind::Binary("[", Box::new(left), filter))
    }

    fn call(&mut self, procedure: Raw) -> Parsed<Raw> {
        let (mut arguments, mut partial) = (Vec::new(), false);
        if !self.is(")") {
            loop {
                if self.is("?") {
                    partial = true;
                    arguments.push(raw(RawKind::Placeholder)?);
                    self.pass("?")?;
                } else {
                    arguments.push(self.expression(0)?);
                }
                if !self.is(",") {
                    break;
                }
                self.pass(",")?;
            }
        }
        self.close(")")?;
        if matches!(&procedure.kind, RawKind::Name(name) if matches!(&**name, "function" | "λ")) {
            return self.lambda(arguments);
        }
        raw(RawKind::Call { procedure: Box::new(procedure), arguments, partial })
    }

    fn lambda(&mut self, arguments: Vec<Raw>) -> Parsed<Raw> {
        let mut parameters = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.into_iter().enumerate() {
            let RawKind::Variable(name) = argument.kind else {
                let index = index + 1;
                let message =
                    format!("Parameter {index} of function definition must be a variable name (start with $)");
                return Err(error("S0208", message).into());
            };
            parameters.push(name);
        }
        let signature = if self.is("<") { Some(self.signature()?) } else { None };
        self.pass("{")?;
        let body = self.boxed(0)?;
        self.pass("}")?;
        raw(RawKind::Lambda { parameters, signature, body })
    }

    fn signature(&mut self) -> Parsed<Signature> {
        let (mut depth, mut text) = (1, "<".to_owned());
        while depth > 0 && !self.is("{") && self.node != Token::End {
            self.advance(false)?;
            match &self.node {
                Token::Operator(sign) => {
                    match *sign {
                        ">" => depth -= 1,
                        "<" => depth += 1,
                        _ => {}
                    }
                    text.push_str(sign);
                }
                Token::Name(name) | Token::Variable(name) | Token::Text(name) => text.push_str(name),
                Token::End => {}
                other => text.push_str(&other.shown()),
            }
        }
        self.pass(">")?;
        Ok(Signature::parse(&text)?)
    }
}

/// What `[]` belongs to: what its filters are of.
fn innermost(node: &mut Raw) -> &mut Raw {
    match node {
        Raw { kind: RawKind::Binary("[", left, _), .. } => innermost(left),
        node => node,
    }
}
