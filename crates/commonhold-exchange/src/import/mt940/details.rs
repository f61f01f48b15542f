//! Field 86 in its dialects: German sub-fields (`?20`), Dutch code words (`/REMI/`), the code words
//! of SEPA (`EREF+`), and plain text.

use crate::import::text::tidy;

/// What the field says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub payee: Option<String>,
    pub account: Option<String>,
    pub text: Option<String>,
    pub end_to_end_id: Option<String>,
}

/// Code words of SEPA payments in German statements (DFÜ-Abkommen, annex 3).
const PLUS: &[&str] = &[
    "EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "COAM+", "OAMT+", "SVWZ+", "ABWA+", "ABWE+",
    "IBAN+", "BIC+", "PURP+", "MTLG:",
];
/// Code words between slashes, as Dutch and Belgian banks write them.
const SLASH: &[&str] = &[
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "MARF", "MREF", "CSID", "ISDT", "BENM", "ORDP",
    "PREF", "ADDR", "RTRN", "RTYP", "SVCL", "PURP", "ULTD", "ULTC", "ULTB", "CNTP", "OCMT", "CHGS",
    "EXCH", "NRTX", "SUBC", "ID", "PSPID", "IREF", "KREF", "TRCD", "BCD",
];
/// Width of a line of the field, after which a text goes on without a space.
const WIDTH: usize = 65;
/// Width of a German sub-field.
const PART: usize = 27;

/// Reads the fields 86 of a row, of which there is usually one.
pub(super) fn read(fields: &[String]) -> Details {
    match fields {
        [one] => read_one(one),
        // One old dialect writes each line as a field of its own.
        several => Details { text: some(&several.join(" ")), ..Details::default() },
    }
}

fn read_one(text: &str) -> Details {
    if let Some(found) = structured(text) {
        return found;
    }
    let joined = joined(text);
    slashes(&joined).unwrap_or_else(|| plus(&joined))
}

/// Lines joined as they were cut: without a space where a line is full.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        out.push_str(line);
        if line.chars().count() < WIDTH {
            out.push(' ');
        }
    }
    out
}

/// Three digits, a mark, and sub-fields of two digits behind that mark.
fn structured(text: &str) -> Option<Details> {
    let text: String = text.split('\n').collect();
    let mark = text.get(3..)?.chars().next().filter(|c| !c.is_alphanumeric() && *c != ' ')?;
    let digits = |text: &str, count: usize| {
        text.get(..count).is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit()))
    };
    let behind = text.get(3_usize.saturating_add(mark.len_utf8())..)?;
    if !digits(&text, 3) || !digits(behind, 2) {
        return None;
    }
    let mut kind = String::new();
    let (mut purpose, mut payee, mut account) = (String::new(), String::new(), String::new());
    let mut parts: Vec<String> = Vec::new();
    for part in behind.split(mark) {
        // A mark that no number follows is part of the text.
        match parts.last_mut() {
            Some(last) if !digits(part, 2) => {
                last.push(mark);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    for part in &parts {
        let (Some(code), Some(value)) = (part.get(..2), part.get(2..)) else { continue };
        match code.parse::<u8>().ok() {
            Some(0) => kind.push_str(value),
            Some(20..=29 | 60..=63) => {
                purpose.push_str(value);
                if value.chars().count() < PART {
                    purpose.push(' ');
                }
            }
            Some(31) => account.push_str(value),
            Some(32 | 33) => payee.push_str(value),
            _ => {}
        }
    }
    let found = plus(&purpose);
    Some(Details {
        payee: some(&payee),
        account: some(&account).or(found.account),
        text: found.text.or_else(|| some(&kind)),
        end_to_end_id: found.end_to_end_id,
    })
}

/// A text with SEPA's code words in it; without any it is the purpose.
fn plus(text: &str) -> Details {
    let mut places: Vec<(usize, &str)> =
        PLUS.iter().flat_map(|code| text.match_indices(code)).collect();
    places.sort_unstable();
    let first = places.first().map_or(text.len(), |(at, _)| *at);
    let before = text.get(..first).unwrap_or_default();
    let mut found = Details::default();
    let (mut purpose, mut note) = (None, None);
    for (at, (start, code)) in places.iter().enumerate() {
        let end = places.get(at.saturating_add(1)).map_or(text.len(), |(next, _)| *next);
        let value = some(text.get(start.saturating_add(code.len())..end).unwrap_or_default());
        match *code {
            "EREF+" => found.end_to_end_id = found.end_to_end_id.or(value),
            "SVWZ+" => purpose = purpose.or(value),
            "MTLG:" => note = note.or(value),
            "IBAN+" => found.account = found.account.or(value),
            _ => {}
        }
    }
    found.text = purpose.or(note).or_else(|| some(before));
    found
}

/// A text with code words between slashes; nothing when it does not begin with one.
fn slashes(text: &str) -> Option<Details> {
    let text = text.trim();
    let inner = text.strip_prefix('/')?;
    let known = |part: &str| SLASH.contains(&part);
    if !known(inner.split('/').next()?) {
        return None;
    }
    let mut found = Details::default();
    let mut values: Vec<(&str, String)> = Vec::new();
    for part in inner.split('/') {
        if known(part) {
            values.push((part, String::new()));
        } else if let Some((_, value)) = values.last_mut() {
            if !value.is_empty() {
                value.push('/');
            }
            value.push_str(part);
        }
    }
    for (code, value) in values {
        let value = value.trim_end_matches('/');
        match code {
            "NAME" => found.payee = found.payee.or_else(|| some(value)),
            "IBAN" => found.account = found.account.or_else(|| some(value)),
            "EREF" => found.end_to_end_id = found.end_to_end_id.or_else(|| some(value)),
            "REMI" => {
                let value = value.strip_prefix("USTD//").unwrap_or(value);
                found.text = found.text.or_else(|| some(value));
            }
            // Account, bank, name and town of the other side.
            "CNTP" => {
                let mut parts = value.split('/');
                found.account = found.account.or_else(|| some(parts.next()?));
                found.payee = found.payee.or_else(|| some(parts.nth(1)?));
            }
            _ => {}
        }
    }
    Some(found)
}

/// Field `:NS:` behind a row: lines that begin with two digits. 01 to 14 are the purpose, 15 and 16
/// the name, 17 the kind, 34 nothing we need.
pub(super) fn numbered(text: &str) -> Details {
    let (mut purpose, mut payee, mut kind) = (String::new(), String::new(), String::new());
    for line in text.split('\n') {
        let (Some(code), Some(value)) = (line.get(..2), line.get(2..)) else { continue };
        let into = match code.parse::<u8>().ok() {
            Some(1..=14) => &mut purpose,
            Some(15 | 16) => &mut payee,
            Some(17) => &mut kind,
            _ => continue,
        };
        into.push_str(value);
        into.push(' ');
    }
    Details {
        payee: some(&payee),
        text: some(&purpose).or_else(|| some(&kind)),
        ..Details::default()
    }
}

fn some(text: &str) -> Option<String> {
    let text = tidy(text);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> [Option<String>; 4] {
        let found = read(&[text.to_owned()]);
        [found.payee, found.account, found.text, found.end_to_end_id]
    }

    fn expect(texts: [&str; 4]) -> [Option<String>; 4] {
        texts.map(some)
    }

    #[test]
    fn german_sub_fields() {
        assert_eq!(
            one(
                "166?00GUTSCHRIFT?100399?20EREF+TRX-0A4A47C3-F846-4729?21-8A1B-5DF620F?22SVWZ+Str\nukturierter Text?23 zwei?30DRESDEFF508?31DE1450880?32KARL ?33KAUFMANN"
            ),
            expect([
                "KARL KAUFMANN",
                "DE1450880",
                "Strukturierter Text zwei",
                "TRX-0A4A47C3-F846-4729-8A1B-5DF620F"
            ])
        );
        assert_eq!(
            one("008?00DAUERAUFTRAG?100599?20Miete Nov?ember?32MUELLER"),
            expect(["MUELLER", "", "Miete Nov?ember", ""])
        );
        assert_eq!(one("835?00ENTGELT"), expect(["", "", "ENTGELT", ""]));
        assert_eq!(
            one("000>100987654321\n>20ALGEMENE KOS>21TEN"),
            expect(["", "", "ALGEMENE KOS TEN", ""])
        );
    }

    #[test]
    fn dutch_code_words() {
        assert_eq!(
            one(
                "/EREF/01-01-2013 12:00 00300/BENM//NAME/CONTRA HOLDER/REMI/Inv 1/2/ISDT/2013-07-11"
            ),
            expect(["CONTRA HOLDER", "", "Inv 1/2", "01-01-2013 12:00 00300"])
        );
        assert_eq!(
            one("/CNTP/NL32INGB0000012345/INGBNL2A/ING TEST///REMI/USTD//TEST/"),
            expect(["ING TEST", "NL32INGB0000012345", "TEST", ""])
        );
    }

    #[test]
    fn plain_texts() {
        let full = "x".repeat(WIDTH);
        assert_eq!(one(&format!("{full}\ny\nz")), expect(["", "", &format!("{full}y z"), ""]));
        assert_eq!(one("Gift EREF+A1 SVWZ+For hosting"), expect(["", "", "For hosting", "A1"]));
        assert_eq!(one(""), expect(["", "", "", ""]));
        assert_eq!(one("/house/user paid"), expect(["", "", "/house/user paid", ""]));
        let several = read(&["one".into(), "two ".into()]);
        assert_eq!(several.text.as_deref(), Some("one two"));
        let found = numbered("01Purpose\n02more\n15Name\n17Kind\n3 x\nä");
        assert_eq!(
            (found.payee.as_deref(), found.text.as_deref()),
            (Some("Name"), Some("Purpose more"))
        );
    }
}
