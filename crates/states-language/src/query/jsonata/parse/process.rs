//! The second pass: paths become flat lists of steps, filters go to the step they belong to, `%` finds the step whose
//! input it stands for, and calls in tail position become thunks.

use super::super::tree::{Call, Kind, Lambda, Node, Operator, Pairs, Path, Stage, Term};
use super::grammar::{Raw, RawKind};
use super::{Parsed, Tree, error};

/// What a `%` stands for: the name its value is bound to, and how many steps up it still has to go.
#[derive(Debug)]
struct Slot {
    label: usize,
    level: i64,
}

#[derive(Default)]
struct Processor {
    slots: Vec<Slot>,
}

/// Makes a tree of what was written.
pub(super) fn process(raw: Raw) -> Parsed<Tree> {
    let mut processor = Processor::default();
    let root = processor.node(raw)?;
    if matches!(root.kind, Kind::Parent(_)) || !root.seeking.is_empty() {
        return Err(no_parent().into());
    }
    let labels = processor.slots.iter().map(|slot| format!("!{}", slot.label).into()).collect();
    Ok(Tree { root, labels })
}

fn no_parent() -> super::CompileError {
    error("S0217", "The object representing the 'parent' cannot be derived from this expression")
}

impl Processor {
    fn node(&mut self, raw: Raw) -> Parsed<Node> {
        let keep_array = raw.keep_array;
        let mut node = match raw.kind {
            RawKind::Binary("@", left, right) => {
                let mut node = self.focus(*left, *right)?;
                last_step(&mut node).keep_array |= keep_array;
                node
            }
            RawKind::Binary(sign, left, right) => self.binary(sign, *left, *right)?,
            RawKind::Group(left, pairs) => self.group(*left, pairs)?,
            RawKind::OrderBy(left, terms) => self.order_by(*left, terms)?,
            RawKind::Negate(operand) => self.negation(*operand)?,
            RawKind::Array(items) => {
                let items = self.nodes(items)?;
                with_ancestry(Kind::Array, items)
            }
            RawKind::Object(pairs) => self.object(pairs)?,
            RawKind::Call { procedure, arguments, partial } => self.call(*procedure, arguments, partial)?,
            RawKind::Lambda { parameters, signature, body } => {
                let body = tail_calls(self.node(*body)?);
                Node::new(Kind::Lambda(Box::new(Lambda { parameters, signature, body, thunk: false })))
            }
            RawKind::Condition { test, yes, no } => self.condition(*test, *yes, no)?,
            RawKind::Transform { pattern, update, delete } => Node::new(Kind::Transform {
                pattern: self.boxed(*pattern)?,
                update: self.boxed(*update)?,
                delete: delete.map(|delete| self.boxed(*delete)).transpose()?,
            }),
            RawKind::Block(expressions) => {
                let expressions = self.nodes(expressions)?;
                let cons_array = expressions.iter().any(constructs_array);
                Node { cons_array, ..with_ancestry(Kind::Block, expressions) }
            }
            RawKind::Name(name) => name_path(name, keep_array),
            RawKind::Operator(sign @ ("and" | "or" | "in")) => name_path(sign.into(), keep_array),
            RawKind::Operator(sign) => return Err(error("S0201", format!("Syntax error: \"{sign}\"")).into()),
            RawKind::End => return Err(error("S0207", "Unexpected end of expression").into()),
            RawKind::Parent => {
                let slot = self.slots.len();
                self.slots.push(Slot { label: slot, level: 1 });
                Node::new(Kind::Parent(slot))
            }
            RawKind::Text(text) => Node::new(Kind::Text(text)),
            RawKind::Number(number) => Node::new(Kind::Number(number)),
            RawKind::Bool(value) => Node::new(Kind::Bool(value)),
            RawKind::Null => Node::new(Kind::Null),
            RawKind::Wildcard => Node::new(Kind::Wildcard),
            RawKind::Descendant => Node::new(Kind::Descendant),
            RawKind::Variable(name) => Node::new(Kind::Variable(name)),
            RawKind::Regex(regex) => Node::new(Kind::Regex(regex)),
            RawKind::Placeholder => Node::new(Kind::Placeholder),
        };
        node.keep_array |= keep_array;
        Ok(node)
    }

    fn nodes(&mut self, raws: Vec<Raw>) -> Parsed<Vec<Node>> {
        raws.into_iter().map(|raw| self.node(raw)).collect()
    }

    fn boxed(&mut self, raw: Raw) -> Parsed<Box<Node>> {
        self.node(raw).map(Box::new)
    }

    fn pairs(&mut self, pairs: Vec<(Raw, Raw)>) -> Parsed<Pairs> {
        pairs.into_iter().map(|(key, value)| Ok((self.node(key)?, self.node(value)?))).collect()
    }

    fn binary(&mut self, sign: &'static str, left: Raw, right: Raw) -> Parsed<Node> {
        match sign {
            "." => self.map(left, right),
            "[" => self.filter(left, right),
            ":=" => {
                let name = self.variable_name(left)?;
                let value = self.boxed(right)?;
                let seeking = ancestry(&value);
                Ok(Node { seeking, ..Node::new(Kind::Bind { name, value }) })
            }
            "#" => self.index(left, right),
            "~>" => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                let keep_array = left.keep_array || right.keep_array;
                Ok(Node { keep_array, ..Node::new(Kind::Apply(left, right)) })
            }
            sign => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                let seeking = [ancestry(&left), ancestry(&right)].concat();
                let Some(operator) = Operator::of(sign) else {
                    return Err(error("S0206", format!("Unknown expression type: \"{sign}\"")).into());
                };
                Ok(Node { seeking, ..Node::new(Kind::Binary(operator, left, right)) })
            }
        }
    }

    fn variable_name(&mut self, raw: Raw) -> Parsed<Box<str>> {
        match self.node(raw)?.kind {
            Kind::Variable(name) => Ok(name),
            _ => Err(error("S0212", "The left side of := must be a variable name (start with $)").into()),
        }
    }

    fn map(&mut self, left: Raw, right: Raw) -> Parsed<Node> {
        let mut result = into_path(self.node(left)?);
        let mut rest = self.node(right)?;
        let Kind::Path(path) = &mut result.kind else { return Ok(result) };
        if let Kind::Path(more) = &mut rest.kind {
            path.steps.append(&mut more.steps);
        } else {
            rest.stages.extend(std::mem::take(&mut rest.predicates).into_iter().map(Stage::Filter));
            path.steps.push(rest);
        }
        for step in &mut path.steps {
            match &mut step.kind {
                Kind::Number(_) | Kind::Bool(_) | Kind::Null => return Err(literal_step(&step.kind).into()),
                Kind::Text(text) => step.kind = Kind::Name(std::mem::take(text)),
                _ => {}
            }
        }
        path.keep_singleton |= path.steps.iter().any(|step| step.keep_array);
        if let Some(first) = path.steps.first_mut() {
            first.cons_array |= matches!(first.kind, Kind::Array(_));
        }
        if let Some(last) = path.steps.last_mut() {
            last.cons_array |= matches!(last.kind, Kind::Array(_));
        }
        self.resolve_ancestry(&mut result)?;
        refresh_plain(&mut result);
        Ok(result)
    }

    fn filter(&mut self, left: Raw, right: Raw) -> Parsed<Node> {
        let mut result = self.node(left)?;
        let is_path = matches!(result.kind, Kind::Path(_));
        if last_step(&mut result).group.is_some() {
            return Err(error("S0209", "A predicate cannot follow a grouping expression in a step").into());
        }
        let filter = self.node(right)?;
        let step = last_step(&mut result);
        for &slot in &filter.seeking {
            match self.slots.get_mut(slot) {
                Some(found) if found.level == 1 => self.seek_parent(step, slot)?,
                Some(found) => found.level -= 1,
                None => {}
            }
        }
        if !filter.seeking.is_empty() {
            step.seeking.extend(ancestry(&filter));
        }
        if is_path {
            step.stages.push(Stage::Filter(filter));
        } else {
            step.predicates.push(filter);
        }
        refresh_plain(&mut result);
        Ok(result)
    }

    fn group(&mut self, left: Raw, pairs: Vec<(Raw, Raw)>) -> Parsed<Node> {
        let mut result = self.node(left)?;
        if result.group.is_some() {
            return Err(error("S0210", "Each step can only have one grouping expression").into());
        }
        result.group = Some(Box::new(self.pairs(pairs)?));
        Ok(result)
    }

    fn order_by(&mut self, left: Raw, terms: Vec<(bool, Raw)>) -> Parsed<Node> {
        let mut result = self.node(left)?;
        if !matches!(result.kind, Kind::Path(_)) {
            result = path_of(result);
        }
        let mut sort = Node::new(Kind::Null);
        let mut processed = Vec::with_capacity(terms.len());
        for (descending, term) in terms {
            let expression = self.node(term)?;
            sort.seeking.extend(ancestry(&expression));
            processed.push(Term { descending, expression });
        }
        sort.kind = Kind::Sort(processed);
        if let Kind::Path(path) = &mut result.kind {
            path.steps.push(sort);
        }
        self.resolve_ancestry(&mut result)?;
        refresh_plain(&mut result);
        Ok(result)
    }

    fn focus(&mut self, left: Raw, right: Raw) -> Parsed<Node> {
        let mut result = self.node(left)?;
        let step = last_step(&mut result);
        if !step.stages.is_empty() || !step.predicates.is_empty() {
            return Err(error("S0215", "A context variable binding must precede any predicates on a step").into());
        }
        if matches!(step.kind, Kind::Sort(_)) {
            let message = "A context variable binding must precede the 'order-by' clause on a step";
            return Err(error("S0216", message).into());
        }
        let name = self.variable_name(right)?;
        step.focus = Some(name);
        step.tuple = true;
        refresh_plain(&mut result);
        Ok(result)
    }

    fn index(&mut self, left: Raw, right: Raw) -> Parsed<Node> {
        let mut result = self.node(left)?;
        if !matches!(result.kind, Kind::Path(_)) {
            result = path_of(result);
            let step = last_step(&mut result);
            step.stages.extend(std::mem::take(&mut step.predicates).into_iter().map(Stage::Filter));
        }
        let name = self.variable_name(right)?;
        let step = last_step(&mut result);
        if step.stages.is_empty() {
            step.index = Some(name);
        } else {
            step.stages.push(Stage::Index(name));
        }
        step.tuple = true;
        refresh_plain(&mut result);
        Ok(result)
    }

    fn negation(&mut self, operand: Raw) -> Parsed<Node> {
        let operand = self.boxed(operand)?;
        if let Kind::Number(number) = operand.kind {
            return Ok(Node { kind: Kind::Number(number.negated()), ..*operand });
        }
        let seeking = ancestry(&operand);
        Ok(Node { seeking, ..Node::new(Kind::Negate(operand)) })
    }

    fn object(&mut self, pairs: Vec<(Raw, Raw)>) -> Parsed<Node> {
        let pairs = self.pairs(pairs)?;
        let seeking = pairs.iter().flat_map(|(key, value)| [ancestry(key), ancestry(value)].concat()).collect();
        Ok(Node { seeking, ..Node::new(Kind::Object(pairs)) })
    }

    fn call(&mut self, procedure: Raw, arguments: Vec<Raw>, partial: bool) -> Parsed<Node> {
        let arguments = self.nodes(arguments)?;
        let seeking = arguments.iter().flat_map(ancestry).collect();
        let call = Call { procedure: self.boxed(procedure)?, arguments };
        Ok(Node { seeking, ..Node::new(if partial { Kind::Partial(call) } else { Kind::Call(call) }) })
    }

    fn condition(&mut self, test: Raw, yes: Raw, no: Option<Box<Raw>>) -> Parsed<Node> {
        let (test, yes) = (self.boxed(test)?, self.boxed(yes)?);
        let no = no.map(|no| self.boxed(*no)).transpose()?;
        let mut seeking = [ancestry(&test), ancestry(&yes)].concat();
        seeking.extend(no.iter().flat_map(|no| ancestry(no)));
        Ok(Node { seeking, ..Node::new(Kind::Condition { test, yes, no }) })
    }

    /// Lets a `%` go up by one step: at the step where it arrives, the input is kept for it.
    fn seek_parent(&mut self, node: &mut Node, slot: usize) -> Result<(), super::CompileError> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                let known = node.ancestor.and_then(|ancestor| self.slots.get(ancestor)).map(|slot| slot.label);
                let Some(found) = self.slots.get_mut(slot) else { return Ok(()) };
                found.level -= 1;
                if found.level == 0 {
                    if let Some(label) = known {
                        found.label = label;
                    }
                    node.ancestor = Some(slot);
                    node.tuple = true;
                }
                Ok(())
            }
            Kind::Parent(_) => {
                if let Some(found) = self.slots.get_mut(slot) {
                    found.level += 1;
                }
                Ok(())
            }
            Kind::Block(expressions) => match expressions.last_mut() {
                Some(last) => {
                    node.tuple = true;
                    self.seek_parent(last, slot)
                }
                None => Ok(()),
            },
            Kind::Path(path) => {
                node.tuple = true;
                path.plain = false;
                for (index, step) in path.steps.iter_mut().rev().enumerate() {
                    if index > 0 && self.level(slot) <= 0 {
                        break;
                    }
                    self.seek_parent(step, slot)?;
                }
                Ok(())
            }
            _ => Err(no_parent()),
        }
    }

    fn level(&self, slot: usize) -> i64 {
        self.slots.get(slot).map_or(0, |slot| slot.level)
    }

    /// Gives every `%` of the last step the step it stands for, or hands it up.
    fn resolve_ancestry(&mut self, node: &mut Node) -> Parsed<()> {
        let Kind::Path(path) = &mut node.kind else { return Ok(()) };
        let Some((last, before)) = path.steps.split_last_mut() else { return Ok(()) };
        let mut handed_up = Vec::new();
        for slot in ancestry(last) {
            let mut steps = before.iter_mut().rev().peekable();
            while self.level(slot) > 0 {
                let Some(mut step) = steps.next() else {
                    handed_up.push(slot);
                    break;
                };
                // Bindings of the same step follow each other.
                while step.focus.is_some() && steps.peek().is_some_and(|next| next.focus.is_some()) {
                    match steps.next() {
                        Some(next) => step = next,
                        None => break,
                    }
                }
                self.seek_parent(step, slot)?;
            }
        }
        node.seeking.extend(handed_up);
        Ok(())
    }
}

/// The slots that a node leaves to be found further up.
fn ancestry(node: &Node) -> Vec<usize> {
    let mut slots = node.seeking.clone();
    if let Kind::Parent(slot) = node.kind {
        slots.push(slot);
    }
    slots
}

fn with_ancestry(kind: fn(Vec<Node>) -> Kind, nodes: Vec<Node>) -> Node {
    let seeking = nodes.iter().flat_map(ancestry).collect();
    Node { seeking, ..Node::new(kind(nodes)) }
}

fn constructs_array(node: &Node) -> bool {
    node.cons_array
        || match &node.kind {
            Kind::Path(path) => path.steps.first().is_some_and(|step| step.cons_array),
            _ => false,
        }
}

fn path_of(step: Node) -> Node {
    let keep_singleton = false;
    Node::new(Kind::Path(Path { steps: vec![step], keep_singleton, plain: false }))
}

/// Makes a path of the left side of `.`; a `%` there is looked for further up.
fn into_path(node: Node) -> Node {
    match node.kind {
        Kind::Path(_) => node,
        Kind::Parent(slot) => Node { seeking: vec![slot], ..path_of(node) },
        _ => path_of(node),
    }
}

fn name_path(name: Box<str>, keep_array: bool) -> Node {
    let step = Node { keep_array, ..Node::new(Kind::Name(name)) };
    Node::new(Kind::Path(Path { steps: vec![step], keep_singleton: keep_array, plain: !keep_array }))
}

fn last_step(node: &mut Node) -> &mut Node {
    if let Kind::Path(path) = &node.kind
        && path.steps.is_empty()
    {
        return node;
    }
    match node {
        Node { kind: Kind::Path(path), .. } => {
            let last = path.steps.len() - 1;
            &mut path.steps[last]
        }
        node => node,
    }
}

fn literal_step(kind: &Kind) -> super::CompileError {
    let value = match kind {
        Kind::Number(number) => number.to_string(),
        Kind::Bool(value) => value.to_string(),
        _ => "null".to_owned(),
    };
    error("S0213", format!("The literal value {value} cannot be used as a step within a path expression"))
}

/// Finds out whether a path can be followed without sequences.
fn refresh_plain(node: &mut Node) {
    let Kind::Path(path) = &mut node.kind else { return };
    let plain = |(index, step): (usize, &Node)| {
        step.is_bare()
            && match &step.kind {
                Kind::Name(_) => true,
                Kind::Variable(_) => index == 0,
                _ => false,
            }
    };
    path.plain = !path.keep_singleton && path.steps.iter().enumerate().all(plain);
}

/// Makes thunks of the calls whose value is the value of the function.
fn tail_calls(node: Node) -> Node {
    match node.kind {
        Kind::Call(_) if node.predicates.is_empty() => Node::new(Kind::Lambda(Box::new(Lambda {
            parameters: Vec::new(),
            signature: None,
            body: node,
            thunk: true,
        }))),
        Kind::Condition { test, yes, no } => {
            let (yes, no) = (Box::new(tail_calls(*yes)), no.map(|no| Box::new(tail_calls(*no))));
            Node { kind: Kind::Condition { test, yes, no }, ..node }
        }
        Kind::Block(mut expressions) => {
            if let Some(last) = expressions.pop() {
                expressions.push(tail_calls(last));
            }
            Node { kind: Kind::Block(expressions), ..node }
        }
        kind => Node { kind, ..node },
    }
}
