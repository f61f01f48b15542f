//! The tags and texts of an OFX file, of either kind.

use crate::import::{Error, MAX_FIELD_BYTES};

/// Longest name of a tag, in bytes.
const MAX_NAME: usize = 40;

/// What stands in the file, one after the other.
pub(super) enum Token<'t> {
    /// A tag begins: its name in capitals and the place of its `<`.
    Begin(&'t str, usize),
    /// A tag ends: its name in capitals and the place behind it.
    End(&'t str, usize),
    /// Text, entities resolved.
    Text(String),
}

/// Goes through the tags. What looks like a tag and is none is text.
///
/// # Errors
/// When a text is beyond the bound; else what `visit` says.
pub(super) fn tokens(
    text: &str,
    visit: &mut dyn FnMut(Token<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut at = 0_usize;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (piece, length) = piece(rest);
        let end = at.saturating_add(length);
        match piece {
            Piece::Text(raw) if raw.len() > MAX_FIELD_BYTES => {
                let ends = text.get(..at).unwrap_or("").matches('\n').count();
                let line = u64::try_from(ends).unwrap_or(0).saturating_add(1);
                return Err(Error::FieldTooLong { line });
            }
            Piece::Text(raw) => visit(Token::Text(resolve(raw)))?,
            Piece::Literal(raw) => visit(Token::Text(raw.to_owned()))?,
            Piece::Begin(name) => visit(Token::Begin(&name.to_ascii_uppercase(), at))?,
            Piece::End(name) => visit(Token::End(&name.to_ascii_uppercase(), end))?,
            Piece::Empty(name) => {
                let name = name.to_ascii_uppercase();
                visit(Token::Begin(&name, at))?;
                visit(Token::End(&name, end))?;
            }
            Piece::Nothing => {}
        }
        at = end;
    }
    Ok(())
}

enum Piece<'t> {
    Text(&'t str),
    /// Text as it stands (CDATA).
    Literal(&'t str),
    Begin(&'t str),
    End(&'t str),
    Empty(&'t str),
    /// A comment or an instruction.
    Nothing,
}

/// The first piece of a text that is not empty, and its length.
fn piece(text: &str) -> (Piece<'_>, usize) {
    let until = |open: usize, mark: &str| {
        let inner = text.get(open..).unwrap_or("");
        let length = inner.find(mark).unwrap_or(inner.len());
        let whole = open.saturating_add(length).saturating_add(mark.len());
        (inner.get(..length).unwrap_or(""), whole.min(text.len()))
    };
    if text.starts_with("<![CDATA[") {
        let (inner, length) = until(9, "]]>");
        return (Piece::Literal(inner), length);
    }
    if text.starts_with("<!--") {
        return (Piece::Nothing, until(4, "-->").1);
    }
    if text.starts_with("<?") || text.starts_with("<!") {
        return (Piece::Nothing, until(2, ">").1);
    }
    if text.starts_with('<')
        && let Some(found) = tag(text)
    {
        return found;
    }
    // At least the first character, which is a `<` of no tag or no `<` at all.
    let first = text.chars().next().map_or(1, char::len_utf8);
    let rest = text.get(first..).unwrap_or("");
    let length = first.saturating_add(rest.find('<').unwrap_or(rest.len()));
    (Piece::Text(text.get(..length).unwrap_or("")), length)
}

fn tag(text: &str) -> Option<(Piece<'_>, usize)> {
    let inner = text.get(1..)?;
    let (closes, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    let length = inner.find(|c| !is_name(c))?;
    let name = inner.get(..length)?;
    if length > MAX_NAME || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let behind = inner.get(length..)?;
    // Attributes are not part of OFX; some writers put a namespace there.
    let end = behind.char_indices().take(200).find(|(_, c)| matches!(c, '>' | '<'))?;
    let attributes = behind.get(..end.0)?;
    let sound = attributes.is_empty() || attributes.starts_with([' ', '\t', '\r', '\n', '/']);
    if end.1 == '<' || !sound {
        return None;
    }
    let whole = text.len().checked_sub(behind.len())?.checked_add(end.0)?.checked_add(1)?;
    let name = name.rsplit(':').next().unwrap_or(name);
    let piece = if closes {
        Piece::End(name)
    } else if attributes.ends_with('/') {
        Piece::Empty(name)
    } else {
        Piece::Begin(name)
    };
    Some((piece, whole))
}

/// Entities of OFX (1.0.3, 2.3.2.1), of XML, and letters by number; others stand as they are.
fn resolve(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let end = behind.char_indices().take(10).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let letter = end.and_then(|end| letter(behind.get(..end)?));
        match (letter, end) {
            (Some(letter), Some(end)) => {
                out.push(letter);
                rest = behind.get(end.saturating_add(1)..).unwrap_or("");
            }
            _ => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

fn letter(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        let mut out = String::new();
        tokens(text, &mut |token| {
            out.push_str(&match token {
                Token::Begin(name, _) => format!("+{name} "),
                Token::End(name, _) => format!("-{name} "),
                Token::Text(text) => format!("{text:?} "),
            });
            Ok(())
        })
        .unwrap();
        out
    }

    #[test]
    fn tags_and_texts() {
        assert_eq!(all("<a>1<B.c>x&amp;y &#65;&no;</a>"), "+A \"1\" +B.C \"x&y A&no;\" -A ");
        assert_eq!(all("<a/><![CDATA[<x>&amp;]]><!-- <b> --><?c?><!D>"), "+A -A \"<x>&amp;\" ");
        assert_eq!(all("1 < 2 <3> <é> <a b='c'><"), "\"1 \" \"< 2 \" \"<3> \" \"<é> \" +A \"<\" ");
        assert_eq!(all("<n:OFX xmlns:n='x'></n:OFX >"), "+OFX -OFX ");
    }
}
