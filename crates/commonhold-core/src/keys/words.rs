//! Words for people to read out, compare and type: the English list of BIP 39, 2048 words of which
//! no two begin with the same four letters. A word stands for 11 bits.

use bip39::Language;

/// Most words taken in at once; nothing here is longer.
const MOST: usize = 24;
/// Longest word of the list is eight letters; what is much longer is no slip of the finger.
const LONGEST: usize = 12;

/// Six words for 66 of the given random bits: the secret of an invitation.
pub fn six(random: [u8; 9]) -> String {
    let mut wide = [0; 16];
    wide.split_at_mut(7).1.copy_from_slice(&random);
    spell(u128::from_be_bytes(wide), &[61, 50, 39, 28, 17, 6])
}

/// Three words for the first 33 bits of a hash: two people who read out the same ones hold, but
/// for one chance in eight thousand million, the same hash. Who can try many hashes can come to
/// given words; [`super::stretch`] makes each try slow.
pub fn compare(hash: &[u8; 32]) -> String {
    let [a, b, c, d, e, ..] = *hash;
    spell(u128::from(u64::from_be_bytes([0, 0, 0, a, b, c, d, e])), &[29, 18, 7])
}

/// The words at these places of a number, counted from its last bit.
fn spell(bits: u128, places: &[u32]) -> String {
    let list = Language::English.word_list();
    let word = |place: &u32| {
        let number = bits.checked_shr(*place).unwrap_or(0) & 0x7ff;
        usize::try_from(number).ok().and_then(|number| list.get(number)).copied()
    };
    places.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// The numbers of the words of a text: in any case, with spaces, line breaks, hyphens, commas or
/// full stops between them. A word that is not in the list is named in a sentence, with the one
/// that was probably meant.
pub fn parse(text: &str) -> Result<Vec<u16>, String> {
    let between = |c: char| {
        c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | ',' | '.')
    };
    let mut found = Vec::new();
    for word in text.split(between).filter(|word| !word.is_empty()) {
        if found.len() >= MOST {
            return Err(format!("These are more than {MOST} words. Type only the words."));
        }
        let lower = word.to_lowercase();
        match Language::English.find_word(&lower) {
            Some(number) => found.push(number),
            None => return Err(unknown(word, &lower)),
        }
    }
    if found.is_empty() { Err("There are no words here.".into()) } else { Ok(found) }
}

/// The one spelling of a text of words: lower case, one space between.
pub fn normal(text: &str) -> Result<String, String> {
    parse(text).map(|numbers| from_numbers(&numbers).unwrap_or_default())
}

/// The words of numbers in their one spelling, or nothing when a number is that of no word.
pub fn from_numbers(numbers: &[u16]) -> Option<String> {
    let list = Language::English.word_list();
    let word = |number: &u16| list.get(usize::from(*number)).copied();
    Some(numbers.iter().map(word).collect::<Option<Vec<_>>>()?.join(" "))
}

fn unknown(word: &str, lower: &str) -> String {
    let shown: String = word.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let more = if word.chars().count() > LONGEST { "…" } else { "" };
    let sentence = format!("“{shown}{more}” is not one of the words.");
    match likely(lower) {
        Some(word) => format!("{sentence} Is it “{word}”?"),
        None => format!("{sentence} Look at its spelling."),
    }
}

/// The word of the list nearest to a misspelled one, if one alone is nearest and not more than two
/// letters away.
fn likely(word: &str) -> Option<&'static str> {
    if word.chars().count() > LONGEST {
        return None;
    }
    let list = Language::English.word_list();
    for away in [1, 2] {
        let mut near = list.iter().copied().filter(|known| distance(word, known) == away);
        if let Some(first) = near.next() {
            return near.next().is_none().then_some(first);
        }
    }
    None
}

/// Letters to change, add or leave out to come from one word to the other (Levenshtein distance);
/// two neighbours exchanged, the commonest slip, are one.
fn distance(a: &str, b: &str) -> usize {
    if exchanged(a, b) {
        return 1;
    }
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (above_left, x) in a.chars().enumerate() {
        let mut above_left = above_left;
        let mut left = above_left.saturating_add(1);
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, y) in cells.zip(b.chars()) {
            let change = above_left.saturating_add(usize::from(x != y));
            above_left = *cell;
            left = change.min(left.min(above_left).saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Whether the words differ by two neighbouring letters in each other's place.
fn exchanged(a: &str, b: &str) -> bool {
    let differ: Vec<_> =
        a.chars().zip(b.chars()).enumerate().filter(|(_, (x, y))| x != y).collect();
    let neighbours = match differ.as_slice() {
        [(i, (a, b)), (j, (c, d))] => i.checked_add(1) == Some(*j) && a == d && b == c,
        _ => false,
    };
    neighbours && a.chars().count() == b.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_bits_in_their_order() {
        assert_eq!(six([0; 9]), ["abandon"; 6].join(" "));
        assert_eq!(six([255; 9]), ["zoo"; 6].join(" "));
        // 00000000001 00000000010 … : the second and third word of the list first.
        let six = six([0x00, 0x20, 0x08, 0x00, 0, 0, 0, 0, 0x3f]);
        assert_eq!(six, "ability able abandon abandon abandon abandon");
        let mut hash = [0; 32];
        hash[4] = 0x80;
        assert_eq!(compare(&hash), "abandon abandon ability");
        assert_eq!(compare(&[255; 32]), "zoo zoo zoo");
    }

    #[test]
    fn every_six_words_are_read_back() {
        for seed in 0..64u8 {
            let mut random = [0; 9];
            random.copy_from_slice(&crate::id::Hash::of(&[seed]).0[..9]);
            let text = six(random);
            let bits = parse(&text).unwrap().iter().fold(0u128, |b, n| b << 11 | u128::from(*n));
            let mut wide = [0; 16];
            wide[7..].copy_from_slice(&random);
            assert_eq!(bits, u128::from_be_bytes(wide) >> 6, "{text}");
        }
    }

    #[test]
    fn case_spaces_and_hyphens_do_not_matter() {
        let normal = normal(" Zoo\n ABLE-ability,able  – zoo. ").unwrap();
        assert_eq!(normal, "zoo able ability able zoo");
    }

    #[test]
    fn an_unknown_word_is_named_with_the_likely_one() {
        let sentence = |text: &str| parse(text).unwrap_err();
        assert_eq!(sentence("able abilty"), "“abilty” is not one of the words. Is it “ability”?");
        assert_eq!(sentence("Qqq"), "“Qqq” is not one of the words. Look at its spelling.");
        assert_eq!(
            sentence(&"x".repeat(5000)),
            "“xxxxxxxxxxxx…” is not one of the words. Look at its spelling."
        );
        assert_eq!(sentence(" -\n"), "There are no words here.");
        assert!(sentence(&"zoo ".repeat(25)).contains("more than 24"));
        assert!(!sentence("a\u{1b}[2Jb").contains('\u{1b}'));
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("zoo", "zoo", 0),
            ("kitten", "sitting", 3),
            ("ab", "ba", 1),
            ("abc", "cba", 2),
            ("abcd", "ba", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }
}
