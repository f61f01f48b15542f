//! The words of the pages: one file a language below `messages/`, with the same keys.

use std::collections::BTreeMap;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

impl Language {
    /// All of them; the first is the one at the root unless somebody says otherwise.
    pub const ALL: &'static [Self] = &[Self::En, Self::De];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    pub(crate) fn texts(self) -> &'static str {
        match self {
            Self::En => include_str!("messages/en.json"),
            Self::De => include_str!("messages/de.json"),
        }
    }
}

/// The words of one language.
pub struct Messages {
    /// Which.
    pub language: Language,
    texts: BTreeMap<String, String>,
}

impl Messages {
    /// Reads them.
    pub fn of(language: Language) -> Self {
        Self { language, texts: serde_json::from_str(language.texts()).unwrap_or_default() }
    }

    /// The words of a key. A key without words shows itself in brackets, which a test finds.
    pub fn t(&self, key: &str) -> String {
        self.texts.get(key).cloned().unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The words of a key, if it has any: for words of lists that may grow.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// A word of a fixed list, as people say it; the word itself where nothing is said.
    pub fn word(&self, list: &str, word: &str) -> String {
        self.find(&format!("{list}.{word}")).unwrap_or(word).to_owned()
    }

    /// The words of a key with `{name}` replaced.
    pub fn fill(&self, key: &str, with: &[(&str, &str)]) -> String {
        let mut text = self.t(key);
        for (name, value) in with {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// `1 entry`, `3 entries`: the key with `.one` or `.many`, with `{n}` replaced.
    pub fn count(&self, key: &str, n: usize) -> String {
        let form = if n == 1 { "one" } else { "many" };
        self.fill(&format!("{key}.{form}"), &[("n", &self.number(&n.to_string()))])
    }

    /// A decimal number as the language writes it; `-` becomes a minus sign.
    pub fn number(&self, decimal: &str) -> String {
        let (group, point) = match self.language {
            Language::En => (',', '.'),
            Language::De => ('.', ','),
        };
        let (sign, plain) = match decimal.strip_prefix('-') {
            Some(rest) => ("−", rest),
            None => ("", decimal),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        if whole.is_empty() || !plain.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return decimal.to_owned();
        }
        let mut out = String::from(sign);
        let length = whole.len();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && length.saturating_sub(place).is_multiple_of(3) {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }
}
