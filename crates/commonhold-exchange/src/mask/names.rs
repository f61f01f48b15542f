//! Names of people on a list, however they are written: capitals, accents and what parts the words
//! of a name do not matter.

use super::NAME;
use super::spans::Spans;
use std::collections::HashMap;

/// Most names, and longest name in bytes; what is beyond is left out of the list.
const MOST: usize = 20_000;
const LONGEST: usize = 200;
/// Most words of a name.
const WORDS: usize = 8;
/// Letters with accents that are one character, by the letter they stand on.
const ACCENTS: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐịỉ"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŋ"),
    ("o", "òóôõöøōŏőǒọỏốồổỗộớờởỡợơ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųǔụủứừửữựư"),
    ("w", "ŵ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
];

/// The list, by the first word of each name.
#[derive(Default)]
pub(super) struct Names {
    first: HashMap<String, Vec<Vec<String>>>,
    /// Names in scripts that put no space between words: looked for anywhere.
    anywhere: Vec<String>,
}

/// A word of the line, folded, and where it lies.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

impl Names {
    pub(super) fn new(names: &[String]) -> Self {
        let mut list = Self::default();
        for name in names.iter().take(MOST).filter(|name| name.len() <= LONGEST) {
            if name.chars().any(unspaced) {
                list.anywhere.push(name.trim().to_owned());
                continue;
            }
            let mut words = words(name).into_iter().map(|word| word.text);
            let Some(first) = words.next() else { continue };
            let rest: Vec<String> = words.take(WORDS).collect();
            // One letter would take every such letter out of the text.
            if rest.is_empty() && first.chars().count() < 2 {
                continue;
            }
            list.first.entry(first).or_default().push(rest);
        }
        for rests in list.first.values_mut() {
            rests.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
            rests.dedup();
        }
        list
    }

    /// Notes every name on the list, the longest where several begin alike.
    pub(super) fn find(&self, line: &str, spans: &mut Spans) {
        for name in self.anywhere.iter().filter(|name| !name.is_empty()) {
            for (at, found) in line.match_indices(name.as_str()) {
                spans.add(at, at.saturating_add(found.len()), NAME);
            }
        }
        if self.first.is_empty() {
            return;
        }
        let words = words(line);
        for (place, word) in words.iter().enumerate() {
            let Some(rests) = self.first.get(&word.text) else { continue };
            let following = words.get(place.saturating_add(1)..).unwrap_or_default();
            let fits = |rest: &&Vec<String>| self::fits(line, word, following, rest);
            let Some(rest) = rests.iter().find(fits) else { continue };
            let last = rest.len().checked_sub(1).and_then(|last| following.get(last));
            if !is_ours(line, word) {
                spans.add(word.start, last.map_or(word.end, |last| last.end), NAME);
            }
        }
    }
}

/// Whether the words that follow are the rest of the name, with little between them.
fn fits(line: &str, first: &Word, following: &[Word], rest: &[String]) -> bool {
    let mut end = first.end;
    rest.len() <= following.len()
        && following.iter().zip(rest).all(|(word, wanted)| {
            let between = line.get(end..word.start).unwrap_or_default();
            end = word.end;
            let near = between.len() <= 4
                && between.chars().all(|c| c.is_whitespace() || "-_.'’+,".contains(c));
            near && word.text == *wanted
        })
}

/// Whether the word is one of the marks this module itself puts into texts.
fn is_ours(line: &str, word: &Word) -> bool {
    let left = line.get(..word.start).is_some_and(|left| left.ends_with('['));
    let right = line.get(word.end..).is_some_and(|right| right.starts_with([']', '-']));
    left && right
}

/// The words of a text: letters and digits, with accents that are characters of their own.
fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut inside = false;
    for (at, character) in text.char_indices() {
        let accent = ('\u{300}'..='\u{36f}').contains(&character);
        if !(character.is_alphanumeric() || (accent && inside)) {
            inside = false;
            continue;
        }
        if !inside {
            out.push(Word { text: String::new(), start: at, end: at });
            inside = true;
        }
        if let Some(word) = out.last_mut() {
            word.end = at.saturating_add(character.len_utf8());
            if !accent {
                fold(character, &mut word.text);
            }
        }
    }
    out
}

fn fold(character: char, out: &mut String) {
    for small in character.to_lowercase().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
        match ACCENTS.iter().find(|(_, letters)| !small.is_ascii() && letters.contains(small)) {
            Some((plain, _)) => out.push_str(plain),
            None => out.push(small),
        }
    }
}

/// Scripts that put no space between words: Han, Kana, Hangul (whose particles follow without one),
/// Thai, Lao, Khmer, Burmese.
fn unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3134f}')
}
