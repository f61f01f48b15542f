//! The fields of an MT940 file: a tag at the beginning of a line, and all lines up to the next.

use crate::import::{Error, MAX_FIELD_BYTES};

/// Tags of MT940 and MT942, and `NS`, which German programs write. Other colons at the beginning of
/// a line are text: times of day, for one.
const TAGS: &[&str] = &[
    "20", "21", "25", "25P", "28", "28C", "13", "13D", "34F", "60F", "60M", "61", "86", "62F",
    "62M", "64", "65", "90C", "90D", "NS", "940", "942",
];

/// A field.
pub(super) struct Field<'t> {
    /// Line it begins on, from 1.
    pub line: u64,
    /// The tag without colons.
    pub tag: &'t str,
    /// Its lines, the first behind the tag; without line ends.
    pub lines: Vec<&'t str>,
}

impl Field<'_> {
    /// All lines with line feeds between them.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// Hands out a text's fields one after the other. Lines before the first one and SWIFT's frames are
/// left out.
///
/// # Errors
/// When a field is beyond the bound; else what `visit` says.
pub(super) fn split(
    text: &str,
    visit: &mut dyn FnMut(&Field<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut field: Option<Field<'_>> = None;
    let mut length = 0_usize;
    let mut number: u64 = 0;
    for line in text.split('\n') {
        number = number.saturating_add(1);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let plain = line.trim();
        if let Some((tag, rest)) = tag(line) {
            if let Some(whole) = field.replace(Field { line: number, tag, lines: vec![rest] }) {
                visit(&whole)?;
            }
            length = rest.len();
        } else if plain == "-" || plain.starts_with("-}") || plain.starts_with("{1:") {
            // Lines behind the end of a message belong to nothing.
            if let Some(whole) = field.take() {
                visit(&whole)?;
            }
        } else if let Some(field) = &mut field {
            length = length.saturating_add(line.len()).saturating_add(1);
            field.lines.push(line);
        }
        if length > MAX_FIELD_BYTES {
            return Err(Error::FieldTooLong { line: number });
        }
    }
    field.iter().try_for_each(visit)
}

/// The tag a line begins with, and the rest.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.trim_start().strip_prefix(':')?.split_once(':')?;
    let known = TAGS.iter().find(|known| **known == tag)?;
    Some((known, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_begin_with_known_tags_only() {
        let text =
            "{1:F01}{4:\r\n:20:A\r\n:86:x\r\n:12:11 y\r\n\r\n-}{5:}\r\nlost\r\n:25:1:2\r\n-\r\n";
        let mut shown = Vec::new();
        split(text, &mut |f| {
            shown.push(format!("{} {} {:?}", f.line, f.tag, f.lines));
            Ok(())
        })
        .unwrap();
        assert_eq!(shown, ["2 20 [\"A\"]", "3 86 [\"x\", \":12:11 y\", \"\"]", "8 25 [\"1:2\"]"]);
        assert!(
            split(&format!(":86:{}", "\n".repeat(MAX_FIELD_BYTES + 1)), &mut |_| Ok(())).is_err()
        );
    }
}
