//! `$fromMillis`, `$toMillis`, `$now`, `$millis`: moments by a picture such as `[Y0001]-[M01]-[D01]`.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::number::Number;
use super::super::value::Value;
use super::integer::{IntegerFormat, Separators, Style, parse_int};
use super::text::given;
use super::timestamp::{DAY, Moment, parse_iso, utc, utc_day};
use super::words::word_values;
use super::{argument, text_at};
use std::collections::BTreeMap;

/// A part of a picture.
enum Part {
    Literal(String),
    Marker(Marker),
}

/// `[D1o]`: a component of a moment, and how it is written.
struct Marker {
    /// Nothing for an empty marker.
    component: char,
    names: Option<Case>,
    integer: Option<IntegerFormat>,
    /// The last letter of a presentation of several: `a`, `t`, `c` or `o`.
    modifier: Option<char>,
    has_width: bool,
    max_width: Option<f64>,
    /// How many digits a year, month or day has; −1 for as many as it takes.
    digits: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(in super::super) fn millis<'v>(run: &Run<'v>, _: &[Value<'v>]) -> Outcome<'v> {
    Ok(Value::Number(Number::Int(run.now())))
}

pub(in super::super) fn now<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    format(run, run.now() as f64, argument(arguments, 0), argument(arguments, 1))
}

pub(in super::super) fn from_millis<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    format(run, given(arguments, 0)?, argument(arguments, 1), argument(arguments, 2))
}

pub(in super::super) fn to_millis<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let value = argument(arguments, 0);
    if value.is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    if !argument(arguments, 1).is_undefined() {
        return Ok(parse(run, text, text_at(arguments, 1)?)?.map_or(Value::Undefined, Value::double));
    }
    if !is_iso(text) {
        return Err(Thrown::about("D3110", value).into());
    }
    Ok(Value::double(parse_iso(text).unwrap_or(f64::NAN)))
}

/// `\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?`
fn is_iso(text: &str) -> bool {
    use std::sync::LazyLock;
    static ISO: LazyLock<Option<regex::Regex>> = LazyLock::new(|| {
        let pattern = "^[0-9]{4}(-[01][0-9])*(-[0-3][0-9])*(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9])*(\\.[0-9]+)?\
                       ([+-][0-2][0-9]:?[0-5][0-9]|Z)?$";
        regex::Regex::new(pattern).ok()
    });
    ISO.as_ref().is_some_and(|iso| iso.is_match(text))
}

fn format<'v>(run: &Run<'v>, millis: f64, picture: &Value<'v>, timezone: &Value<'v>) -> Outcome<'v> {
    const ISO: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";
    let picture: &str = match picture {
        Value::Undefined => ISO,
        Value::Text(picture) => picture,
        _ => return Err(Fault::Internal),
    };
    let (mut hours, mut minutes) = (0.0, 0.0);
    if let Value::Text(timezone) = timezone {
        let offset = parse_int(timezone);
        (hours, minutes) = ((offset / 100.0).floor(), offset % 100.0);
    }
    let parts = parts_of(picture)?;
    let moment = Moment::of(millis + (60.0 * hours + minutes) * 60_000.0);
    let mut text = String::new();
    for part in &parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Marker(marker) => text.push_str(&marker.write(&moment, hours, minutes)?),
        }
        run.spend(text.len().min(1024))?;
    }
    Ok(Value::text(text))
}

fn parts_of(picture: &str) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut rest = picture;
    let literal = |text: &str| (!text.is_empty()).then(|| Part::Literal(text.replace("]]", "]")));
    while let Some((before, after)) = rest.split_once('[') {
        parts.extend(literal(before));
        if let Some(after) = after.strip_prefix('[') {
            parts.push(Part::Literal("[".to_owned()));
            rest = after;
            continue;
        }
        let (marker, after) = after.split_once(']').ok_or_else(|| Thrown::new("D3135"))?;
        parts.push(Part::Marker(Marker::parse(marker)?));
        rest = after;
    }
    parts.extend(literal(rest));
    Ok(parts)
}

impl Marker {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let component = text.chars().next().unwrap_or('\0');
        let (presentation, width) = match text.rsplit_once(',') {
            Some((presentation, width)) => (presentation, Some(width)),
            None => (text.as_str(), None),
        };
        let presentation: String = presentation.chars().skip(1).collect();
        let (min, max) = match width {
            Some(width) => match width.split_once('-') {
                Some((min, max)) => (width_of(min), width_of(max)),
                None => (width_of(width), None),
            },
            None => (None, None),
        };
        let (presentation, modifier) = presentation_of(component, &presentation)?;
        let mut marker = Self {
            component,
            names: None,
            integer: None,
            modifier,
            has_width: width.is_some(),
            max_width: max,
            digits: None,
        };
        if presentation.starts_with('n') {
            marker.names = Some(Case::Lower);
        } else if presentation.starts_with('N') {
            marker.names = Some(if presentation.starts_with("Nn") { Case::Title } else { Case::Upper });
        } else if "YMDdFWwXxHhmsf".contains(component) {
            let picture = match modifier {
                Some(modifier) => format!("{presentation};{modifier}"),
                None => presentation.clone(),
            };
            marker.integer = Some(marker.number(&picture, min)?);
        }
        if matches!(component, 'Z' | 'z') {
            marker.integer = Some(IntegerFormat::parse(&presentation)?);
        }
        Ok(marker)
    }

    fn number(&mut self, picture: &str, min: Option<f64>) -> Result<IntegerFormat, Fault> {
        /// More digits than any component has.
        const MOST: f64 = 1_000.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the most")]
        let count = |width: f64| width.clamp(0.0, MOST) as usize;
        let mut format = IntegerFormat::parse(picture)?;
        if let Some(min) = min
            && (format.mandatory() as f64) < min
        {
            format.widen(count(min));
        }
        if "YMD".contains(self.component) {
            self.digits = Some(-1.0);
            if let Some(max) = self.max_width {
                self.digits = Some(max);
                format.widen(count(max));
            } else if let Style::Decimal(decimal) = &format.style {
                let width = decimal.mandatory + decimal.optional;
                if width >= 2 {
                    self.digits = Some(width as f64);
                }
            }
        }
        Ok(format)
    }

    fn write(&self, moment: &Moment, hours: f64, minutes: f64) -> Result<String, Fault> {
        match self.component {
            'Z' | 'z' => self.zone(hours, minutes),
            'P' => {
                let marker = if moment.hour >= 12.0 { "pm" } else { "am" };
                Ok(if self.names == Some(Case::Upper) { marker.to_uppercase() } else { marker.to_owned() })
            }
            'C' | 'E' => Ok("ISO".to_owned()),
            component => match fragment(moment, component) {
                Some(value) => self.component_text(value),
                None => Ok("undefined".to_owned()),
            },
        }
    }

    fn component_text(&self, mut value: f64) -> Result<String, Fault> {
        if self.component == 'Y'
            && let Some(digits) = self.digits.filter(|digits| *digits >= 0.0)
        {
            value %= 10f64.powf(digits);
        }
        let Some(case) = self.names.filter(|_| self.component != 'f') else {
            return self.integer.as_ref().ok_or(Fault::Internal)?.write(value);
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let index = (value - 1.0) as usize;
        let name = match self.component {
            'M' | 'x' => MONTHS.get(index),
            'F' => DAYS.get(index),
            component => return Err(Thrown::about_text("D3133", &component.to_string()).into()),
        };
        let name = name.ok_or(Fault::Internal)?;
        let name = match case {
            Case::Upper => name.to_uppercase(),
            Case::Lower => name.to_lowercase(),
            Case::Title => (*name).to_owned(),
        };
        Ok(if self.has_width { cut(&name, self.max_width).to_owned() } else { name })
    }

    fn zone(&self, hours: f64, minutes: f64) -> Result<String, Fault> {
        let format = self.integer.as_ref().ok_or(Fault::Internal)?;
        let offset = hours * 100.0 + minutes;
        let is_regular =
            matches!(&format.style, Style::Decimal(decimal) if matches!(decimal.separators, Separators::Regular(..)));
        let mut text = match format.mandatory() {
            _ if is_regular => format.write(offset)?,
            1 | 2 => {
                let mut text = format.write(hours)?;
                if minutes != 0.0 {
                    text.push(':');
                    text.push_str(&IntegerFormat::parse("00")?.write(minutes.floor())?);
                }
                text
            }
            3 | 4 => format.write(offset)?,
            _ => return Err(Thrown::new("D3134").into()),
        };
        if offset >= 0.0 {
            text.insert(0, '+');
        }
        if self.component == 'z' {
            text.insert_str(0, "GMT");
        }
        Ok(if offset == 0.0 && self.modifier == Some('t') { "Z".to_owned() } else { text })
    }
}

fn cut(name: &str, width: Option<f64>) -> &str {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
    match width {
        Some(width) if (name.len() as f64) > width => name.get(..width.max(0.0) as usize).unwrap_or(name),
        _ => name,
    }
}

fn width_of(text: &str) -> Option<f64> {
    (text != "*").then(|| parse_int(text))
}

/// The first presentation modifier and the second.
fn presentation_of(component: char, text: &str) -> Result<(String, Option<char>), Fault> {
    let last = text.chars().last().filter(|last| "atco".contains(*last));
    if text.chars().count() > 1
        && let Some(last) = last
    {
        return Ok((text.strip_suffix(last).unwrap_or(text).to_owned(), Some(last)));
    }
    if !text.is_empty() {
        return Ok((text.to_owned(), None));
    }
    let default = match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        '\0' => return Err(Thrown::about_text("D3132", "").into()),
        other => return Err(Thrown::about_text("D3132", &other.to_string()).into()),
    };
    Ok((default.to_owned(), None))
}

/// The first day of the first week of a year or month, which is the week of its first Thursday.
fn first_week(year: f64, month: f64) -> f64 {
    let first = utc_day(year, month, 1.0);
    let weekday = Moment::of(first).weekday;
    let weekday = if weekday == 0.0 { 7.0 } else { weekday };
    if weekday > 4.0 { first + (8.0 - weekday) * DAY } else { first - (weekday - 1.0) * DAY }
}

fn next_month(year: f64, month: f64) -> (f64, f64) {
    if month >= 11.0 { (year + 1.0, 0.0) } else { (year, month + 1.0) }
}

fn previous_month(year: f64, month: f64) -> (f64, f64) {
    if month <= 0.0 { (year - 1.0, 11.0) } else { (year, month - 1.0) }
}

/// A component of a moment as a number, if it is one.
fn fragment(moment: &Moment, component: char) -> Option<f64> {
    let Moment { year, month, day, .. } = *moment;
    let weeks = |start: f64, end: f64| (end - start) / (DAY * 7.0) + 1.0;
    let today = || utc_day(year, month, day);
    Some(match component {
        'Y' => year,
        'M' => month + 1.0,
        'D' => day,
        'd' => (today() - utc_day(year, 0.0, 1.0)) / DAY + 1.0,
        'F' => {
            if moment.weekday == 0.0 {
                7.0
            } else {
                moment.weekday
            }
        }
        'W' => {
            let week = weeks(first_week(year, 0.0), today());
            let week = if week > 52.0 && today() >= first_week(year + 1.0, 0.0) {
                1.0
            } else if week < 1.0 {
                weeks(first_week(year - 1.0, 0.0), today())
            } else {
                week
            };
            week.floor()
        }
        'w' => {
            let week = weeks(first_week(year, month), today());
            let (next_year, next) = next_month(year, month);
            let (last_year, last) = previous_month(year, month);
            let week = if week > 4.0 && today() >= first_week(next_year, next) {
                1.0
            } else if week < 1.0 {
                weeks(first_week(last_year, last), today())
            } else {
                week
            };
            week.floor()
        }
        'X' => {
            if moment.millis < first_week(year, 0.0) {
                year - 1.0
            } else if moment.millis >= first_week(year + 1.0, 0.0) {
                year + 1.0
            } else {
                year
            }
        }
        'x' => {
            let (next_year, next) = next_month(year, month);
            if moment.millis < first_week(year, month) {
                previous_month(year, month).1 + 1.0
            } else if moment.millis >= first_week(next_year, next) {
                next + 1.0
            } else {
                month + 1.0
            }
        }
        'H' => moment.hour,
        'h' => {
            let hour = moment.hour % 12.0;
            if hour == 0.0 { 12.0 } else { hour }
        }
        'm' => moment.minute,
        's' => moment.second,
        'f' => moment.milli,
        _ => return None,
    })
}

/// The components read from a text, by their letter; one that could not be read is no number.
type Components = BTreeMap<char, f64>;

fn parse(run: &Run<'_>, text: &str, picture: &str) -> Result<Option<f64>, Fault> {
    let parts = parts_of(picture)?;
    let patterns = parts.iter().map(Part::pattern).collect::<Result<Vec<_>, _>>()?;
    let groups: String = patterns.iter().map(|pattern| format!("({pattern})")).collect();
    run.spend(groups.len() * 64)?;
    let matcher = regex::RegexBuilder::new(&format!("^{groups}$")).case_insensitive(true).size_limit(8 << 20).build();
    let matcher = matcher.map_err(|_| Fault::Internal)?;
    let Some(found) = matcher.captures(text) else { return Ok(None) };
    let mut components = Components::new();
    for (index, part) in parts.iter().enumerate() {
        if let Part::Marker(marker) = part
            && let Some(group) = found.get(index + 1)
        {
            components.insert(marker.component, marker.read(group.as_str())?);
        }
    }
    if components.is_empty() {
        return Ok(None);
    }
    assembled(run, components).map(Some)
}

impl Part {
    fn pattern(&self) -> Result<String, Fault> {
        match self {
            Self::Literal(literal) => Ok(regex::escape(literal)),
            Self::Marker(marker) => marker.pattern(),
        }
    }
}

impl Marker {
    fn pattern(&self) -> Result<String, Fault> {
        if matches!(self.component, 'Z' | 'z') {
            let mut pattern = if self.component == 'z' { "GMT" } else { "" }.to_owned();
            pattern.push_str("[-+][0-9]+");
            if let Some(separator) = self.zone_separator() {
                pattern.push_str(&regex::escape(&separator.to_string()));
                pattern.push_str("[0-9]+");
            }
            return Ok(pattern);
        }
        let Some(format) = &self.integer else {
            return match self.component {
                'M' | 'x' | 'F' | 'P' => Ok("[a-zA-Z]+".to_owned()),
                component => Err(Thrown::about_text("D3133", &component.to_string()).into()),
            };
        };
        Ok(match &format.style {
            Style::Letters => if format.is_upper() { "[A-Z]+" } else { "[a-z]+" }.to_owned(),
            Style::Roman => if format.is_upper() { "[MDCLXVI]+" } else { "[mdclxvi]+" }.to_owned(),
            Style::Words => {
                let words: Vec<String> = word_values().into_iter().map(|(word, _)| word).collect();
                format!("(?:{}|and|[\\-, ])+", words.join("|"))
            }
            Style::Decimal(decimal) => {
                let occurrences = match self.digits {
                    Some(digits) if digits > 0.0 && decimal.optional == 0 => format!("{{{digits}}}"),
                    Some(digits) if digits > 0.0 => {
                        format!("{{{},{digits}}}", (digits - decimal.optional as f64).max(0.0))
                    }
                    _ => "+".to_owned(),
                };
                format!("[0-9]{occurrences}{}", if format.ordinal { "(?:th|st|nd|rd)" } else { "" })
            }
            Style::Sequence(token) => return Err(Thrown::about_text("D3130", token).into()),
        })
    }

    fn zone_separator(&self) -> Option<char> {
        match &self.integer.as_ref()?.style {
            Style::Decimal(decimal) => match decimal.separators {
                Separators::Regular(_, separator) => Some(separator),
                Separators::Irregular(_) => None,
            },
            _ => None,
        }
    }

    fn read(&self, text: &str) -> Result<f64, Fault> {
        if matches!(self.component, 'Z' | 'z') {
            return Ok(self.read_zone(text));
        }
        if let Some(format) = &self.integer {
            return format.read(text);
        }
        let position = |names: &[&str]| {
            let place = names.iter().rposition(|name| cut_or_whole(name, self.max_width) == text);
            place.map_or(f64::NAN, |place| place as f64 + 1.0)
        };
        Ok(match self.component {
            'M' | 'x' => position(&MONTHS),
            'F' => position(&DAYS),
            _ => match text {
                "am" | "AM" => 0.0,
                "pm" | "PM" => 1.0,
                _ => f64::NAN,
            },
        })
    }

    fn read_zone(&self, text: &str) -> f64 {
        let text = if self.component == 'z' { text.get(3..).unwrap_or_default() } else { text };
        let (hours, minutes) = match self.zone_separator() {
            Some(separator) => match text.split_once(separator) {
                Some((hours, minutes)) => (parse_int(hours), parse_int(minutes)),
                None => (f64::NAN, f64::NAN),
            },
            None if text.len() <= 3 => (parse_int(text), 0.0),
            None => (parse_int(text.get(..3).unwrap_or_default()), parse_int(text.get(3..).unwrap_or_default())),
        };
        hours * 60.0 + minutes
    }
}

fn cut_or_whole(name: &str, width: Option<f64>) -> &str {
    match width {
        Some(width) if width != 0.0 => cut(name, Some(width)),
        _ => name,
    }
}

/// Puts the components together; what is missing after the first is the least, before it that of now.
fn assembled(run: &Run<'_>, mut components: Components) -> Result<f64, Fault> {
    let mask = |letters: &str, components: &Components| {
        letters.chars().fold(0_u32, |mask, letter| {
            // A component of 0 counts as one that is not there.
            let there = components.get(&letter).is_some_and(|value| *value != 0.0 && !value.is_nan());
            mask << 1 | u32::from(there)
        })
    };
    let is = |mask: u32, kind: u32| !kind & mask == 0 && kind & mask != 0;
    let date = mask("YXMxWwdD", &components);
    let by_month = is(date, 0b1010_0001);
    let by_day_of_year = !by_month && is(date, 0b1000_0010);
    let by_week_of_month = is(date, 0b0101_0100);
    let by_week = !by_week_of_month && is(date, 0b0100_1000);
    let time = mask("PHhmsf", &components);
    let in_halves = !is(time, 0b01_0111) && is(time, 0b10_1111);
    let letters = match (by_day_of_year, by_week_of_month, by_week) {
        (true, _, _) => "YD",
        (_, true, _) => "XxwF",
        (_, _, true) => "XWF",
        _ => "YMD",
    };
    let (mut begun, mut ended) = (false, false);
    for letter in letters.chars().chain(if in_halves { "Phmsf" } else { "Hmsf" }.chars()) {
        // A name that is unknown leaves its component undefined.
        let is_known = components.contains_key(&letter);
        if is_known {
            begun = true;
            if ended {
                return Err(Thrown::new("D3136").into());
            }
        } else if begun {
            components.insert(letter, if "MDd".contains(letter) { 1.0 } else { 0.0 });
            ended = true;
        } else if let Some(value) = fragment(&Moment::of(run.now() as f64), letter) {
            components.insert(letter, value);
        }
    }
    let get = |letter: char| components.get(&letter).copied().unwrap_or(f64::NAN);
    let mut month = if get('M') > 0.0 { get('M') - 1.0 } else { 0.0 };
    let mut day = get('D');
    if by_day_of_year {
        let moment = Moment::of(utc_day(get('Y'), 0.0, 1.0) + (get('d') - 1.0) * DAY);
        (month, day) = (moment.month, moment.day);
    }
    if by_week_of_month || by_week {
        return Err(Thrown::new("D3136").into());
    }
    let mut hour = get('H');
    if in_halves {
        hour = if get('h') == 12.0 { 0.0 } else { get('h') };
        if get('P') == 1.0 {
            hour += 12.0;
        }
    }
    let millis = utc([get('Y'), month, day, hour, get('m'), get('s'), get('f')]);
    let zone = components.get(&'Z').filter(|zone| **zone != 0.0).or_else(|| components.get(&'z'));
    Ok(millis - zone.filter(|zone| !zone.is_nan()).map_or(0.0, |zone| zone * 60_000.0))
}
