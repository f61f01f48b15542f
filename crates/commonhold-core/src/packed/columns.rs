//! Texts of one form laid column by column, as entries in JSON are: all days, then all payees. What
//! is alike lies side by side, and packs better and faster.
//!
//! A column is what stands in quotes behind one name: behind `"payee":"` all up to and with the next
//! quote, whatever it is. What is left keeps its order, and says by itself where each text goes
//! back, so any bytes come back as they were.

/// Most columns; texts of further names stay where they are.
const MOST: usize = 64;
/// Longest name of a column, in bytes.
const LONGEST: usize = 32;
/// What stands between a name and its text.
const MIDDLE: &[u8] = b"\":\"";

/// Bytes taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// How long each column is, in the order their names come first.
    pub(super) lengths: Vec<usize>,
    /// What is left, then the columns.
    pub(super) bytes: Vec<u8>,
}

/// The name at whose text bytes end: behind `"name":"`.
fn name(left: &[u8]) -> Option<&[u8]> {
    let before = left.strip_suffix(MIDDLE)?;
    let letters = before.iter().rev().take(LONGEST.saturating_add(1));
    let count = letters.take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    let (rest, name) = before.split_at_checked(before.len().checked_sub(count)?)?;
    (0 < count && count <= LONGEST && rest.last() == Some(&b'"')).then_some(name)
}

/// Up to and with the next quote.
fn quoted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == b'"')?;
    bytes.split_at_checked(at.checked_add(1)?)
}

/// Which columns there are.
#[derive(Default)]
struct Names(Vec<Vec<u8>>);

impl Names {
    /// The place of a column; a new one where there is room.
    fn place(&mut self, name: &[u8]) -> Option<usize> {
        // There are few: looking through them is quicker than a table.
        let known = self.0.iter().position(|other| other == name);
        known.or_else(|| {
            let place = self.0.len();
            (place < MOST).then(|| {
                self.0.push(name.to_owned());
                place
            })
        })
    }
}

/// Takes bytes apart.
pub(super) fn take_apart(mut bytes: &[u8]) -> Columns {
    let (mut left, mut columns) = (Vec::with_capacity(bytes.len()), Vec::<Vec<u8>>::new());
    let mut names = Names::default();
    while let Some((piece, rest)) = quoted(bytes) {
        left.extend_from_slice(piece);
        bytes = rest;
        let Some(place) = name(&left).and_then(|name| names.place(name)) else { continue };
        if place == columns.len() {
            columns.push(Vec::new());
        }
        if let (Some(column), Some((text, rest))) = (columns.get_mut(place), quoted(bytes)) {
            column.extend_from_slice(text);
            bytes = rest;
        }
    }
    left.extend_from_slice(bytes);
    let lengths = columns.iter().map(Vec::len).collect();
    columns.iter().for_each(|column| left.extend_from_slice(column));
    Columns { lengths, bytes: left }
}

/// Puts them together again; nothing where columns are longer than all there is, or something of
/// them is left over.
pub(super) fn put_together(lengths: &[usize], bytes: &[u8]) -> Option<Vec<u8>> {
    let all = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length))?;
    let (mut left, mut rest) = bytes.split_at_checked(bytes.len().checked_sub(all)?)?;
    let mut columns = Vec::new();
    for length in lengths {
        let (column, after) = rest.split_at_checked(*length)?;
        columns.push(column);
        rest = after;
    }
    let (mut out, mut names) = (Vec::with_capacity(bytes.len()), Names::default());
    let (whole, mut seen) = (left, 0_usize);
    while let Some((piece, after)) = quoted(left) {
        out.extend_from_slice(piece);
        left = after;
        seen = seen.saturating_add(piece.len());
        let name = name(whole.get(..seen)?);
        let Some(place) = name.and_then(|name| names.place(name)) else { continue };
        // The last text of all may have had no end: then it stayed where it was. A column that holds
        // something else than whole texts is none, and is not looked through again and again.
        if let Some(column) = columns.get_mut(place).filter(|column| !column.is_empty()) {
            let (text, after) = quoted(column)?;
            out.extend_from_slice(text);
            *column = after;
        }
    }
    out.extend_from_slice(left);
    (out.len() == bytes.len()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(bytes: &[u8]) -> Columns {
        let apart = take_apart(bytes);
        assert_eq!(apart.bytes.len(), bytes.len());
        let back = put_together(&apart.lengths, &apart.bytes);
        assert_eq!(back.as_deref(), Some(bytes), "{}", String::from_utf8_lossy(bytes));
        apart
    }

    #[test]
    fn texts_lie_side_by_side_by_their_names() {
        let rows = br#"x{"a":"1","to_b":"2","n":3}{"a":"one \"and\" more","to_b":""}"#;
        let apart = there_and_back(rows);
        assert_eq!(apart.lengths, [2 + 6, 2 + 1]);
        let left = br#"x{"a":","to_b":","n":3}{"a":"and\" more","to_b":"}1"one \"2"""#;
        assert_eq!(String::from_utf8_lossy(&apart.bytes), String::from_utf8_lossy(left));
    }

    #[test]
    fn any_bytes_come_back() {
        let many: String = (0..70).map(|n| format!("\"{}\":\"{n}\",", "n".repeat(n + 1))).collect();
        let names: String = (0..70_u8)
            .map(|n| format!("\"{}{}\":\"t\"", char::from(b'a' + n % 26), "z".repeat(n.into())))
            .collect();
        let plain = [
            "",
            "\"",
            "\"a\":\"",
            "\"a\":\"b",
            "\":\"",
            "a\":\"b\"",
            "\"A\":\"b\"",
            "\"a\":\"\":\"\":\"",
            "\"a\":\"x\"b\":\"y\"\"a\":\"",
            &many,
            &names,
        ];
        plain.iter().for_each(|text| drop(there_and_back(text.as_bytes())));
        // Texts made of the letters that matter, in many orders.
        let (mut chance, letters) = (1_u64, b"\"\":,ab_{");
        for _ in 0..20_000 {
            let mut text = Vec::new();
            for _ in 0..24 {
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push(letters[usize::try_from(chance >> 33).unwrap() % letters.len()]);
            }
            there_and_back(&text);
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let apart = take_apart(br#"{"a":"1","b":"2"}"#);
        assert_eq!(put_together(&[2, 3], &apart.bytes), None, "no text ends there");
        // Megabytes that are asked for a text again and again are looked through once.
        let asking = [b"\"a\":\"".repeat(1 << 20), vec![0; 32 << 20]].concat();
        assert_eq!(put_together(&[32 << 20], &asking), None);
        assert_eq!(put_together(&[100], &apart.bytes), None);
        assert_eq!(put_together(&[usize::MAX, 2], &apart.bytes), None);
        assert_eq!(put_together(&[2, 2, 2], &apart.bytes), None, "a column nobody asks for");
    }
}
