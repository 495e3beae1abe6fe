//! The table of APIs: how it is stored, and how a shape is read out of it when it is asked for.
//!
//! `tools/services.py` describes the format. A service is inflated when a definition first names it, and its shapes are
//! read where they stand: most are never looked at.

use flate2::read::DeflateDecoder;
use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

static DATA: &[u8] = include_bytes!("../../../data/services.bin");

/// What was found of an API.
pub(super) enum Lookup {
    /// It is there.
    Api(Api),
    /// The service is there, without this action.
    NoAction,
    /// The service is not there.
    NoService,
}

/// An API: what it takes and what it gives.
#[derive(Clone)]
pub(super) struct Api {
    service: Arc<Service>,
    input: Reference,
    output: Option<Reference>,
}

/// The text of a service, and where its parts begin.
struct Service {
    text: String,
    actions: HashMap<Box<str>, (Reference, Option<Reference>)>,
    shapes: Vec<(usize, usize)>,
}

/// A shape by its number, or one without details.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reference {
    Number(usize),
    Plain(char),
}

/// A shape with the service it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    service: &'a Service,
    reference: Reference,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Whole,
    Decimal,
    Flag,
    Time,
    Bytes,
    List,
    Map,
    Structure,
    /// Any JSON.
    Any,
}

/// A member of a structure.
pub(super) struct Member<'a> {
    pub name: &'a str,
    pub required: bool,
    pub shape: Shape<'a>,
}

/// Looks an API up by the service of its ARN and its action.
pub(super) fn lookup(service: &str, action: &str) -> Lookup {
    let Some(service) = service_of(service) else { return Lookup::NoService };
    match service.actions.get(action) {
        Some(&(input, output)) => Lookup::Api(Api { service, input, output }),
        None => Lookup::NoAction,
    }
}

/// Tells whether there is a service of that name.
pub(super) fn has_service(name: &str) -> bool {
    index().contains_key(name)
}

/// Returns the action of a service that is called so in some other case.
pub(super) fn similar_action(service: &str, action: &str) -> Option<String> {
    let service = service_of(service)?;
    service.actions.keys().find(|known| known.eq_ignore_ascii_case(action)).map(ToString::to_string)
}

/// Returns the name and the version of the package the models were taken from.
pub(super) fn version() -> &'static str {
    let line = DATA.split(|byte| *byte == b'\n').next().and_then(|line| std::str::from_utf8(line).ok());
    line.and_then(|line| line.strip_prefix("stepback services 1 ")).unwrap_or("")
}

/// Where a service stands: offset and length of its block, offset and length of its text in the inflated block.
type Place = [usize; 4];

fn index() -> &'static HashMap<&'static str, Place> {
    static INDEX: OnceLock<HashMap<&'static str, Place>> = OnceLock::new();
    INDEX.get_or_init(|| read_index().unwrap_or_default())
}

fn read_index() -> Option<HashMap<&'static str, Place>> {
    let start = memchr::memchr(b'\n', DATA)? + 1;
    let mut rest = DATA.get(start..)?;
    let count = number(&mut rest)?;
    let mut index = HashMap::with_capacity(count);
    for _ in 0..count {
        let (&length, after) = rest.split_first()?;
        let (name, after) = after.split_at_checked(usize::from(length))?;
        rest = after;
        let place = [number(&mut rest)?, number(&mut rest)?, number(&mut rest)?, number(&mut rest)?];
        index.insert(std::str::from_utf8(name).ok()?, place);
    }
    Some(index)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (bytes, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

/// Returns a service, inflating it if nobody has yet.
fn service_of(name: &str) -> Option<Arc<Service>> {
    static READ: Mutex<Option<HashMap<&'static str, Arc<Service>>>> = Mutex::new(None);
    let (&name, &place) = index().get_key_value(name)?;
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let read = read.get_or_insert_default();
    if let Some(service) = read.get(name) {
        return Some(Arc::clone(service));
    }
    let service = Arc::new(Service::read(inflated(place)?)?);
    read.insert(name, Arc::clone(&service));
    Some(service)
}

fn inflated([offset, length, start, size]: Place) -> Option<String> {
    let block = DATA.get(offset..offset.checked_add(length)?)?;
    let mut text = Vec::new();
    let end = start.checked_add(size)?;
    DeflateDecoder::new(block).take(u64::try_from(end).ok()?).read_to_end(&mut text).ok()?;
    String::from_utf8(text.get(start..end)?.to_vec()).ok()
}

impl Service {
    fn read(text: String) -> Option<Self> {
        let end = text.find("\n\n")?;
        let mut actions = HashMap::new();
        for line in text.get(..end)?.lines() {
            let mut words = line.strip_prefix("A ")?.split(' ');
            let (action, input, output) = (words.next()?, words.next()?, words.next()?);
            actions.insert(action.into(), (Reference::read(input)?, Reference::read(output)));
        }
        let mut shapes = Vec::new();
        let mut at = end + 2;
        for line in text.get(at..)?.lines() {
            shapes.push((at, at + line.len()));
            at += line.len() + 1;
        }
        Some(Self { text, actions, shapes })
    }
}

impl Reference {
    /// Reads a number or a letter; `None` for `-`.
    fn read(word: &str) -> Option<Self> {
        match word.chars().next()? {
            '-' => None,
            letter if letter.is_ascii_digit() => word.parse().ok().map(Self::Number),
            letter => Some(Self::Plain(letter)),
        }
    }
}

impl Api {
    /// Returns the structure of what it takes.
    pub fn input(&self) -> Shape<'_> {
        Shape { service: &self.service, reference: self.input }
    }

    /// Returns the structure of what it gives, if that is known.
    pub fn output(&self) -> Option<Shape<'_>> {
        self.output.map(|reference| Shape { service: &self.service, reference })
    }
}

impl<'a> Shape<'a> {
    /// Returns the letter of the shape and its details.
    fn line(self) -> (char, &'a str) {
        match self.reference {
            Reference::Plain(letter) => (letter, ""),
            Reference::Number(number) => {
                let line = self.service.shapes.get(number).and_then(|&(start, end)| self.service.text.get(start..end));
                let mut letters = line.unwrap_or("d").chars();
                let letter = letters.next().unwrap_or('d');
                (letter, letters.as_str().strip_prefix(' ').unwrap_or(""))
            }
        }
    }

    fn other(self, word: &str) -> Self {
        Self { reference: Reference::read(word).unwrap_or(Reference::Plain('d')), ..self }
    }

    /// Returns what a value of it must be.
    pub fn kind(self) -> Kind {
        match self.line().0 {
            's' | 'e' => Kind::Text,
            'i' => Kind::Whole,
            'f' => Kind::Decimal,
            'b' => Kind::Flag,
            't' => Kind::Time,
            'x' => Kind::Bytes,
            'l' => Kind::List,
            'm' => Kind::Map,
            'o' => Kind::Structure,
            _ => Kind::Any,
        }
    }

    /// Returns the texts it can be; none when any text will do.
    pub fn choices(self) -> Option<impl Iterator<Item = &'a str>> {
        let (letter, rest) = self.line();
        (letter == 'e').then(|| rest.split('|'))
    }

    /// Returns the least and the greatest number, or the fewest and the most characters, bytes or items.
    pub fn bounds(self) -> (Option<f64>, Option<f64>) {
        let (letter, rest) = self.line();
        let mut words = rest.split(' ');
        match letter {
            's' | 'i' | 'f' | 'x' => {}
            'l' => drop(words.next()),
            _ => return (None, None),
        }
        let mut bound = || words.next().and_then(|word| word.parse().ok());
        (bound(), bound())
    }

    /// Returns the shape of the items of a list or the values of a map, if it is known.
    pub fn inner(self) -> Option<Self> {
        let (letter, rest) = self.line();
        let first = rest.split(' ').next().filter(|word| !word.is_empty())?;
        matches!(letter, 'l' | 'm').then(|| self.other(first))
    }

    /// Tells whether it is a structure whose members are not kept.
    pub fn is_open(self) -> bool {
        self.reference == Reference::Plain('o')
    }

    /// Returns the members of a structure.
    pub fn members(self) -> impl Iterator<Item = Member<'a>> {
        let (letter, rest) = self.line();
        let words = rest.split(' ').filter(move |word| letter == 'o' && !word.is_empty());
        words.filter_map(move |word| {
            let at = word.find([':', '!'])?;
            let (name, reference) = word.split_at_checked(at)?;
            let required = reference.starts_with('!');
            Some(Member { name, required, shape: self.other(reference.get(1..)?) })
        })
    }
}
