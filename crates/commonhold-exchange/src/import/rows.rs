//! Rows of a separated text file (RFC 4180, read leniently), each with the physical line it begins
//! on. A quotation mark that is never closed costs one row, not the rest of the file.

use super::text::clip;
use super::{
    Draft, Encoding, Error, MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROWS, NotUnderstood, Reading,
    SAMPLE_ROWS,
};
use ::csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use std::borrow::Cow;

/// Longest cell of the sample and longest row text of the report, in bytes.
const SHOWN: usize = 300;
/// How often reading starts anew behind a quotation mark that is never closed.
const MAX_RESUMES: u8 = 8;

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
        column
            .and_then(|column| self.fields.get(column))
            .unwrap_or("")
            .trim()
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
    resumes: u8,
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
            resumes: 0,
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
        let mut open_quote = false;
        if end >= self.text.len() && self.is_open(start, end) {
            open_quote = true;
        } else {
            self.check_size(line)?;
        }
        if open_quote && self.resumes < MAX_RESUMES {
            self.resumes = self.resumes.saturating_add(1);
            end = start.saturating_add(after_lines(self.text.get(start..).unwrap_or(""), 1));
            self.base = end;
            self.reader = reader(self.text, self.separator, end);
        }
        let raw = self
            .text
            .get(start..end)
            .unwrap_or("")
            .trim_end_matches(['\r', '\n']);
        let last_line = line.saturating_add(count_line_ends(raw));
        Ok(Some(Row {
            line,
            last_line,
            raw,
            fields: &self.record,
            open_quote,
        }))
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

    /// Whether the last row ends inside quotation marks: then one more line end becomes part of
    /// its last field.
    fn is_open(&self, start: usize, end: usize) -> bool {
        let raw = self.text.get(start..end).unwrap_or("");
        if !raw.contains('"') {
            return false;
        }
        let longer = format!("{raw}\n");
        let mut again = reader(&longer, self.separator, 0);
        let mut record = ByteRecord::new();
        let read = again.read_byte_record(&mut record).unwrap_or(false);
        read && record.as_slice().len() > self.record.as_slice().len()
    }

    fn check_size(&self, line: u64) -> Result<(), Error> {
        if self.record.len() > MAX_COLUMNS {
            return Err(Error::TooManyColumns { line });
        }
        let long = self.record.as_slice().len() > MAX_FIELD_BYTES
            && self
                .record
                .iter()
                .any(|field| field.len() > MAX_FIELD_BYTES);
        if long {
            Err(Error::FieldTooLong { line })
        } else {
            Ok(())
        }
    }
}

fn reader(text: &str, separator: u8, base: usize) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes().get(base..).unwrap_or(&[]))
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
    part.iter()
        .take_while(|b| matches!(b, b'\r' | b'\n'))
        .count()
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
    let width = reading
        .columns
        .iter()
        .rposition(|c| !c.is_empty())
        .map_or(0, |at| at.saturating_add(1));
    while let Some(row) = rows.next()? {
        if row.is_blank() && !row.open_quote {
            continue;
        }
        reading.rows = reading.rows.saturating_add(1);
        if reading.rows > MAX_ROWS {
            return Err(Error::TooManyRows);
        }
        if reading.sample.len() < SAMPLE_ROWS {
            reading
                .sample
                .push(row.fields.iter().map(|cell| clip(cell, SHOWN)).collect());
        }
        let result = match shape_problem(&row, width, damaged) {
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
fn shape_problem(row: &Row<'_>, width: usize, damaged: bool) -> Option<String> {
    if row.open_quote {
        return Some("A quotation mark in this line is never closed; close it in the file.".into());
    }
    let filled = row.fields.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last();
    let filled = filled.map_or(0, |(at, _)| at.saturating_add(1));
    let count = row.fields.len();
    if filled > width || count < width {
        let lines = if row.last_line > row.line {
            format!(" (lines {} to {})", row.line, row.last_line)
        } else {
            String::new()
        };
        return Some(format!(
            "The row has {} columns{lines} and the header has {width}; put quotation marks around \
             a text that holds the separator.",
            if filled > width { filled } else { count }
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
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u64, Vec<String>, bool)> {
        let mut rows = Rows::new(text, b',', 0);
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let fields = row.fields.iter().map(str::to_owned).collect();
            all.push((row.line, fields, row.open_quote));
        }
        all
    }

    fn numbers(text: &str) -> Vec<u64> {
        lines(text).into_iter().map(|(line, _, _)| line).collect()
    }

    #[test]
    fn lines_are_physical() {
        assert_eq!(numbers("a\nb\nc"), [1, 2, 3]);
        assert_eq!(numbers("a\r\nb\r\nc\r\n"), [1, 2, 3]);
        assert_eq!(numbers("a\rb\r\rc"), [1, 2, 4]);
        assert_eq!(numbers("\r\n\n\na\n\n\nb"), [4, 7]);
        assert_eq!(numbers("a\r\n\"x\r\ny\",\"z\nz\"\r\n\r\nb\r\n"), [1, 2, 6]);
        assert_eq!(after_lines("a\r\nb\rc\nd", 2), 5);
        assert_eq!(after_lines("a", 2), 1);
    }

    #[test]
    fn an_open_quotation_mark_costs_one_row() {
        let all = lines("h,i\n1,\"x\n2,y\n3,z\n");
        assert_eq!(
            all.iter().map(|(line, ..)| *line).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        assert_eq!(
            all.iter().map(|(.., open)| *open).collect::<Vec<_>>(),
            [false, true, false, false]
        );
        assert!(!lines("h\n\"closed\"").last().unwrap().2);
        assert!(!lines("h\n\"closed\"\n").last().unwrap().2);
        assert!(!lines("h\na\"b").last().unwrap().2);
        assert!(lines("h\n\"").last().unwrap().2);
        assert!(lines("h\n\"\"\"").last().unwrap().2);
    }

    #[test]
    fn bounds_hold() {
        let long = format!("h\n\"{}\"\n", "x".repeat(MAX_FIELD_BYTES + 1));
        let mut rows = Rows::new(&long, b',', 0);
        assert!(rows.next().is_ok());
        assert_eq!(rows.next().err(), Some(Error::FieldTooLong { line: 2 }));
        let wide = ",".repeat(MAX_COLUMNS);
        assert_eq!(
            Rows::new(&wide, b',', 0).next().err(),
            Some(Error::TooManyColumns { line: 1 })
        );
    }

    #[test]
    fn encodings_are_decoded() {
        assert_eq!(decode(b"\xef\xbb\xbf\xc3\xa4", Encoding::Utf8).text, "ä");
        assert_eq!(decode(b"\xe4\x80", Encoding::Windows1252).text, "ä€");
        assert_eq!(decode(b"\xe4", Encoding::Iso88591).text, "ä");
        assert_eq!(decode(b"\xff\xfe\xe4\0", Encoding::Utf16Le).text, "ä");
        assert!(decode(b"\xe4", Encoding::Utf8).damaged);
    }
}
