//! Texts of rows: cleaned for records, folded for comparing, cut for showing.

use commonhold_core::table::MAX_TEXT;

/// One line without control characters; every run of white space is one space.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    for word in words.filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The form in which two texts are compared: tidied, in lower case.
pub(super) fn fold(text: &str) -> String {
    tidy(text).to_lowercase()
}

/// The text, or its beginning and “…” when it is longer than `max` bytes.
pub(super) fn clip(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = (0..=max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let kept = text.get(..end).unwrap_or("");
    format!("{kept}…")
}

/// A tidied text short enough for a field of a record; nothing when it is empty.
pub(super) fn field(text: &str) -> Option<String> {
    let text = tidy(text);
    (!text.is_empty()).then(|| clip(&text, MAX_TEXT.saturating_sub('…'.len_utf8())))
}

/// The first `max` characters.
pub(super) fn clip_chars(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// An end-to-end id as it is compared: tidied, 35 characters (ISO 20022 `Max35Text`), nothing
/// where the bank writes that there is none.
pub(super) fn end_to_end(text: Option<String>) -> Option<String> {
    let text = clip_chars(&tidy(&text?), 35);
    let none = ["NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE"];
    (!text.is_empty() && !none.contains(&text.to_uppercase().as_str())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_tidied_and_cut_at_characters() {
        assert_eq!(tidy(" a\r\n\tb\u{a0}\0c "), "a b c");
        assert_eq!(fold("Interest "), fold("  iNTEREST"));
        assert_eq!(clip("añb", 2), "a…");
        assert_eq!(field(" \n"), None);
        assert_eq!(end_to_end(Some(" NotProvided ".into())), None);
        assert_eq!(end_to_end(Some("ä".repeat(40))), Some("ä".repeat(35)));
        assert!(field(&"ä".repeat(9000)).unwrap().len() <= MAX_TEXT);
    }
}
