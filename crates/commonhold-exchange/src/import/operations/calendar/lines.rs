//! Lines of a calendar: unfolded, with parameters, sorted into components.

use super::super::Error;
use jiff::civil::{Date, DateTime, Time};

/// Most lines and properties of one component, and deepest nesting.
const MAX_LINES: usize = 500_000;
const MAX_PROPERTIES: usize = 5_000;
const MAX_DEPTH: usize = 8;
/// Longest value, in bytes.
const MAX_VALUE: usize = 256 * 1024;

/// A line: name, parameters, value.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) name: String,
    parameters: Vec<(String, String)>,
    pub(super) value: String,
}

impl Property {
    /// A parameter's value, without quotes.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A part between `BEGIN` and `END`.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) name: String,
    /// The line it begins on, from 1.
    pub(super) line: usize,
    properties: Vec<Property>,
}

impl Component {
    /// The first property of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Every property of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The raw value.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|property| property.value.as_str())
    }

    /// A value of the type TEXT (RFC 5545 3.3.11), without its escapes.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let mut out = String::new();
        let mut escaped = false;
        for character in self.value(name)?.chars() {
            match (escaped, character) {
                (false, '\\') => {
                    escaped = true;
                    continue;
                }
                (true, 'n' | 'N') => out.push('\n'),
                (_, other) => out.push(other),
            }
            escaped = false;
        }
        Some(out)
    }
}

/// Sorts the lines into components; each stands in the list once it has ended. What has not ended at
/// the end of the file is an error: the file was cut off.
pub(super) fn parse(text: &str) -> Result<Vec<Component>, Error> {
    let wrong = |line: usize, what: &str| {
        Error::Unusable(format!("Line {line} of the calendar {what}; export it again."))
    };
    let mut open: Vec<Component> = Vec::new();
    let mut done = Vec::new();
    for (line, text) in unfolded(text)? {
        let Some(property) = property(&text) else { continue };
        let name = property.value.trim().to_ascii_uppercase();
        match property.name.as_str() {
            "BEGIN" if open.len() < MAX_DEPTH => {
                open.push(Component { name, line, properties: Vec::new() });
            }
            "BEGIN" => return Err(wrong(line, "goes deeper than calendars do")),
            "END" => match open.pop() {
                Some(component) if component.name == name => done.push(component),
                _ => return Err(wrong(line, "ends what has not begun")),
            },
            _ => {
                if let Some(component) = open.last_mut()
                    && component.properties.len() < MAX_PROPERTIES
                {
                    component.properties.push(property);
                }
            }
        }
    }
    match open.last() {
        Some(part) => Err(wrong(part.line, "begins a part that never ends")),
        None => Ok(done),
    }
}

/// Lines joined where the next one begins with a space or tab.
fn unfolded(text: &str) -> Result<Vec<(usize, String)>, Error> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1_usize..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim_end_matches('\r');
        match (line.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(more), Some((_, last))) if last.len() < MAX_VALUE => last.push_str(more),
            (Some(_), Some(_)) => {}
            _ => out.push((number, super::super::clip(line, MAX_VALUE))),
        }
        if number > MAX_LINES {
            return Err(Error::TooManyRows);
        }
    }
    Ok(out)
}

/// `NAME;PARAM=value;PARAM="value":value`.
fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, character)| {
        quoted ^= *character == '"';
        *character == ':' && !quoted
    })?;
    let (head, value) = line.split_at_checked(colon.0)?;
    let mut quoted = false;
    let mut parts = head.split(|character: char| {
        quoted ^= character == '"';
        character == ';' && !quoted
    });
    let name = parts.next()?.trim().to_ascii_uppercase();
    let parameters = parts.take(20).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    });
    let value = value.get(1..)?.to_owned();
    Some(Property { name, parameters: parameters.collect(), value })
}

/// `20230123T150500` or `20230123`.
pub(super) fn date_time(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once('T').unwrap_or((text, "000000"));
    let digits = |text: &str, from: usize, length: usize| -> Option<i16> {
        let part = text.get(from..from.checked_add(length)?)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    if day.len() != 8 || time.len() != 6 {
        return None;
    }
    let small = |text: &str, from: usize| i8::try_from(digits(text, from, 2)?).ok();
    let date = Date::new(digits(day, 0, 4)?, small(day, 4)?, small(day, 6)?).ok()?;
    // A leap second is the last second of its minute.
    let time = Time::new(small(time, 0)?, small(time, 2)?, small(time, 4)?.min(59), 0).ok()?;
    Some(date.to_datetime(time))
}

/// `P1DT2H`, `PT50M`, `P2W`: seconds, up to a year.
pub(super) fn duration(text: &str) -> Option<i64> {
    let text = text.trim().strip_prefix('+').unwrap_or(text.trim());
    let mut rest = text.strip_prefix('P')?;
    let mut total = 0_i64;
    while !rest.is_empty() {
        rest = rest.strip_prefix('T').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest.get(..end)?.parse().ok()?;
        let unit = match rest.get(end..)?.chars().next()? {
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(end.checked_add(1)?..)?;
    }
    (total <= 366 * 86_400).then_some(total)
}
