//! Rows of a separated text file (RFC 4180, read leniently), each with the physical line it begins
//! on. A quotation mark that is never closed costs one row, not the rest of the file.

use super::text::clip;
use super::{
    Draft, Encoding, Error, MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROWS, NotUnderstood, Reading,
    SAMPLE_ROWS,
};
use ::csv::{Reader, ReaderBuilder, StringRecord};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Longest cell of the sample and longest row text of the report, in bytes.
pub(super) const SHOWN: usize = 300;
/// How many times the text's length may be read again behind quotation marks never closed.
const MAX_REREAD: usize = 4;

/// A file's text.
pub(super) struct Text<'a> {
    /// The text without byte order mark.
    pub text: Cow<'a, str>,
    /// Whether some bytes were not of the encoding; U+FFFD stands for them.
    pub damaged: bool,
}

/// Decodes a file. ISO-8859-1 is read as Windows-1252, as browsers do (WHATWG Encoding): the two
/// differ only in control characters nobody writes.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Text<'_> {
    let decoder = match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Windows1252 | Encoding::Iso88591 => encoding_rs::WINDOWS_1252,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
    };
    let (text, damaged) = decoder.decode_with_bom_removal(bytes);
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        Cow::Owned(text) if text.starts_with('\u{feff}') => {
            Cow::Owned(text.trim_start_matches('\u{feff}').to_owned())
        }
        owned => owned,
    };
    Text { text, damaged }
}

/// One row.
pub(super) struct Row<'r> {
    /// Physical line it begins on, from 1.
    pub line: u64,
    /// Physical line it ends on.
    pub last_line: u64,
    /// The row as it stands in the file.
    pub raw: &'r str,
    /// Its fields.
    pub fields: &'r StringRecord,
    /// Whether it is the one line left of a row whose quotation mark is never closed.
    pub open_quote: bool,
}

impl Row<'_> {
    /// A field, trimmed; empty when there is no such column.
    pub(super) fn get(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.fields.get(column)).unwrap_or("").trim()
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// Reads a text row by row.
pub(super) struct Rows<'t> {
    text: &'t str,
    separator: u8,
    reader: Reader<&'t [u8]>,
    /// Where in the text the reader began.
    base: usize,
    /// A place in the text at which the line is known, and that line.
    known: (usize, u64),
    record: StringRecord,
    /// How many columns a row may have; unknown before the header is read.
    width: RangeInclusive<usize>,
    /// Bytes read again so far.
    reread: usize,
}

impl<'t> Rows<'t> {
    /// Begins after `skip` physical lines.
    pub(super) fn new(text: &'t str, separator: u8, skip: u32) -> Self {
        let base = after_lines(text, skip);
        Self {
            text,
            separator,
            reader: reader(text, separator, base),
            base,
            known: (0, 1),
            record: StringRecord::new(),
            width: 0..=usize::MAX,
            reread: 0,
        }
    }

    /// The next row; nothing at the end. Lines without any character are no rows.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        let from = self.place();
        let line_before = self.known.1;
        let more = self.reader.read_record(&mut self.record);
        if !more.map_err(|_| Error::FieldTooLong { line: line_before })? {
            return Ok(None);
        }
        let mut end = self.place();
        let start = from.saturating_add(line_ends_before(self.text, from, end));
        let line = self.advance(start);
        let whole = self.text.get(start..end).unwrap_or("").trim_end_matches(['\r', '\n']);
        let several = whole.contains(['\r', '\n']);
        let misshapen = several && !self.width.contains(&self.record.len());
        let open_quote = misshapen
            || ((several || end >= self.text.len())
                && match quotes(whole, self.separator) {
                    Quotes::Sound => false,
                    Quotes::Broken => several,
                    Quotes::Open => true,
                });
        if !open_quote {
            self.check_size(line)?;
        } else if let Some(first_line_end) = self.resume(start, end) {
            end = first_line_end;
        }
        let raw = self.text.get(start..end).unwrap_or("").trim_end_matches(['\r', '\n']);
        let last_line = line.saturating_add(count_line_ends(raw));
        Ok(Some(Row { line, last_line, raw, fields: &self.record, open_quote }))
    }

    /// Goes back to the line after the one a row begins on; nothing when that was done too often.
    fn resume(&mut self, start: usize, end: usize) -> Option<usize> {
        self.reread = self.reread.saturating_add(end.saturating_sub(start));
        if self.reread > self.text.len().saturating_mul(MAX_REREAD) {
            return None;
        }
        let next = start.saturating_add(after_lines(self.text.get(start..)?, 1));
        self.base = next;
        self.reader = reader(self.text, self.separator, next);
        Some(next)
    }

    /// Sets the number of columns from the header: names at its end may be empty and missing in
    /// rows; where most rows end in a separator and the header does not, rows may have one more.
    fn expect(&mut self, columns: &[String]) {
        let named = columns.iter().rposition(|name| !name.is_empty());
        let least = named.map_or(0, |at| at.saturating_add(1));
        let (mut plain, mut longer) = (0_usize, 0_usize);
        let rest = self.text.get(self.place()..).unwrap_or("");
        let mut ahead = reader(rest, self.separator, 0);
        for record in ahead.byte_records().take(50).flatten() {
            let one_more = record.len() == columns.len().saturating_add(1);
            if one_more && record.iter().next_back() == Some(b"") {
                longer = longer.saturating_add(1);
            } else {
                plain = plain.saturating_add(1);
            }
        }
        let most = columns.len().saturating_add(usize::from(longer > plain));
        self.width = least..=most;
    }

    fn place(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.base.saturating_add(read).min(self.text.len())
    }

    /// Counts lines up to a place that is the beginning of a row.
    fn advance(&mut self, place: usize) -> u64 {
        let (from, line) = self.known;
        let passed = count_line_ends(self.text.get(from..place).unwrap_or(""));
        self.known = (place, line.saturating_add(passed));
        self.known.1
    }

    fn check_size(&self, line: u64) -> Result<(), Error> {
        if self.record.len() > MAX_COLUMNS {
            return Err(Error::TooManyColumns { line });
        }
        let long = self.record.as_slice().len() > MAX_FIELD_BYTES
            && self.record.iter().any(|field| field.len() > MAX_FIELD_BYTES);
        if long { Err(Error::FieldTooLong { line }) } else { Ok(()) }
    }
}

fn reader(text: &str, separator: u8, base: usize) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes().get(base..).unwrap_or(&[]))
}

/// How the quotation marks of a row stand.
#[derive(Debug, PartialEq, Eq)]
enum Quotes {
    /// As RFC 4180 has them, or as letters inside a field without quotation marks.
    Sound,
    /// One that closes a field is followed by more of it: over several lines that means that a
    /// field of an earlier line was never closed, and that rows would be swallowed.
    Broken,
    /// The last field is never closed.
    Open,
}

fn quotes(raw: &str, separator: u8) -> Quotes {
    let mut bytes = raw.bytes().peekable();
    let (mut inside, mut at_start) = (false, true);
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied();
        if inside && byte == b'"' {
            match next {
                Some(b'"') => drop(bytes.next()),
                None | Some(b'\r' | b'\n') => inside = false,
                Some(other) if other == separator => inside = false,
                Some(_) => return Quotes::Broken,
            }
        } else if !inside {
            inside = at_start && byte == b'"';
            at_start = byte == separator;
        }
    }
    if inside { Quotes::Open } else { Quotes::Sound }
}

/// How many bytes from the beginning `count` physical lines take, with their ends.
fn after_lines(text: &str, count: u32) -> usize {
    let mut left = count;
    let mut bytes = text.bytes().enumerate().peekable();
    while left > 0 {
        let Some((at, byte)) = bytes.next() else {
            return text.len();
        };
        let crlf = byte == b'\r' && bytes.peek().is_some_and(|(_, next)| *next == b'\n');
        if byte == b'\n' || (byte == b'\r' && !crlf) {
            left = left.saturating_sub(1);
            if left == 0 {
                return at.saturating_add(1);
            }
        }
    }
    0
}

/// How many line end characters stand at a place, up to another.
fn line_ends_before(text: &str, from: usize, to: usize) -> usize {
    let part = text.as_bytes().get(from..to).unwrap_or(&[]);
    part.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// Line ends in a text: CR LF, LF and a lone CR each are one.
fn count_line_ends(text: &str) -> u64 {
    let mut ends: u64 = 0;
    let mut after_cr = false;
    for byte in text.bytes() {
        if byte == b'\r' || (byte == b'\n' && !after_cr) {
            ends = ends.saturating_add(1);
        }
        after_cr = byte == b'\r';
    }
    ends
}

/// Reads all data rows after the header into a reading: each becomes a draft or is listed with
/// the reason that `draft` gives.
pub(super) fn read_all(
    rows: &mut Rows<'_>,
    damaged: bool,
    reading: &mut Reading,
    mut draft: impl FnMut(&Row<'_>) -> Result<Draft, String>,
) -> Result<(), Error> {
    rows.expect(&reading.columns);
    let width = rows.width.clone();
    while let Some(row) = rows.next()? {
        if row.is_blank() && !row.open_quote {
            continue;
        }
        reading.rows = reading.rows.saturating_add(1);
        if reading.rows > MAX_ROWS {
            return Err(Error::TooManyRows);
        }
        if reading.sample.len() < SAMPLE_ROWS {
            reading.sample.push(row.fields.iter().map(|cell| clip(cell, SHOWN)).collect());
        }
        let result = match shape_problem(&row, &width, damaged) {
            Some(reason) => Err(reason),
            None => draft(&row),
        };
        match result {
            Ok(draft) => reading.drafts.push(draft),
            Err(reason) => reading.not_understood.push(NotUnderstood {
                line: row.line,
                text: clip(row.raw, SHOWN),
                reason,
            }),
        }
    }
    Ok(())
}

/// What is wrong with a row before its fields are looked at.
fn shape_problem(row: &Row<'_>, width: &RangeInclusive<usize>, damaged: bool) -> Option<String> {
    if row.open_quote {
        let until = if row.last_line > row.line {
            format!(" and all up to line {}", row.last_line)
        } else {
            String::new()
        };
        return Some(format!(
            "A quotation mark in this line is not closed or the number of columns is not the \
             header's, so the line{until} is not read; correct it in the file."
        ));
    }
    let count = row.fields.len();
    if !width.contains(&count) {
        return Some(format!(
            "The row has {count} columns and the header has {}; put quotation marks around a text \
             that holds the separator.",
            width.start()
        ));
    }
    if row.raw.contains('\0') {
        return Some(
            "The row holds a NUL character; the file may be damaged, export it again.".into(),
        );
    }
    if damaged && row.raw.contains('\u{fffd}') {
        return Some("Some letters of the row cannot be read; choose another encoding.".into());
    }
    None
}

#[cfg(test)]
mod tests;
