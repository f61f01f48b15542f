//! The list of those who signed a manifesto: `_data/organizations.yml` of the Open Operations
//! Manifesto, read and written with its keys.

use super::json::{first, get, list, text};
use super::{About, Draft, Drafted, Error, line, yaml};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

/// The name of the format.
pub const FORMAT: &str = "manifesto-organizations";

/// A person who signed for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contributor {
    /// The name.
    pub name: String,
    /// What the person is there.
    pub role: Option<String>,
}

/// An organisation of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// The name.
    pub name: String,
    /// Where its logo lies, such as `/assets/name.png`.
    pub logo: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Who signed for it.
    pub contributors: Vec<Contributor>,
}

/// The two lists of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Organisations {
    /// Those who wrote the manifesto.
    pub founding: Vec<Organisation>,
    /// Those who signed it afterwards.
    pub supporting: Vec<Organisation>,
}

/// Whether the text is such a list.
pub(super) fn is(text: &str) -> bool {
    let has = |name: &str| text.lines().any(|line| line.trim_end() == name);
    (has("founding:") || has("supporting:")) && text.contains("name:")
}

/// Reads the list without making drafts of it.
///
/// # Errors
/// When it is no YAML or no such list.
pub fn parse(bytes: &[u8]) -> Result<(Organisations, Vec<String>), Error> {
    let content = std::str::from_utf8(bytes)
        .map_err(|_| Error::OtherFile("The file is no text in UTF-8; save it as such."))?;
    let body = yaml::parse(content)?;
    if get(&body, "founding").is_none() && get(&body, "supporting").is_none() {
        return Err(Error::OtherFile(
            "The file is no list of a manifesto's organisations: neither founding nor supporting \
             stands in it.",
        ));
    }
    let mut wrong = Vec::new();
    let mut of = |part: &str| -> Vec<Organisation> {
        let mut out = Vec::new();
        for (number, one) in (1_usize..).zip(list(&body, part)) {
            match organisation(one) {
                Some(found) => out.push(found),
                None => wrong.push(format!("{part} {number}")),
            }
        }
        out
    };
    let (founding, supporting) = (of("founding"), of("supporting"));
    Ok((Organisations { founding, supporting }, wrong))
}

fn organisation(one: &Value) -> Option<Organisation> {
    let people = list(one, "contributors").iter().filter_map(|person| {
        Some(Contributor { name: text(person, "name")?, role: text(person, "role") })
    });
    Some(Organisation {
        name: first(one, &["name"])?,
        logo: text(one, "logo"),
        url: text(one, "url"),
        contributors: people.collect(),
    })
}

/// Reads the list as signatures. Which text was signed, and when the list was fetched, has to be
/// said: the file does not.
///
/// # Errors
/// When it is no such list, or what has to be said is missing.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let (found, wrong) = parse(bytes)?;
    let hash = about.manifesto.as_deref().filter(|hash| {
        hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    });
    let (Some(hash), Some(day)) = (hash, about.fetched.map(|at| at.date())) else {
        return Err(Error::Unusable(
            "Say which text was signed (its SHA-256) and when the list was fetched; the list does \
             not say it."
                .into(),
        ));
    };
    let mut out = Drafted::new(FORMAT);
    for place in wrong {
        out.refuse(place, "The entry has no name.");
    }
    for (capacity, organisations) in
        [("founding", &found.founding), ("supporting", &found.supporting)]
    {
        for one in organisations {
            let key = format!("manifesto:{}:{capacity}:{}", super::clip(hash, 16), one.name);
            let mut draft = Draft::new("signature", super::shortened(&key));
            draft.put("manifesto_sha256", hash);
            draft.put("organisation", one.name.clone());
            draft.put("url", one.url.as_deref().and_then(super::url));
            draft.put("logo", one.logo.clone());
            draft.put("signatory", one.contributors.first().map(|person| person.name.clone()));
            let role = one.contributors.first().and_then(|person| person.role.clone());
            draft.put("signatory_role", role);
            draft.put("capacity", capacity);
            draft.put("date", day.to_string());
            if one.contributors.len() > 1 {
                let more: Vec<&str> =
                    one.contributors.iter().skip(1).map(|person| person.name.as_str()).collect();
                out.note(format!("{} was also signed for by {}.", one.name, more.join(", ")));
            }
            out.push(draft);
        }
    }
    if !out.drafts.is_empty() {
        out.note(format!(
            "The list does not say when anybody signed: the day is {day}, when it was fetched."
        ));
    }
    Ok(out)
}

/// Writes the entries as the file has them, ready to be added to it: a part is left out when it is
/// empty, and so is a key without a value.
pub fn write(organisations: &Organisations) -> String {
    let mut out = String::new();
    for (part, entries) in
        [("founding", &organisations.founding), ("supporting", &organisations.supporting)]
    {
        if entries.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{part}:");
        for one in entries {
            let _ = writeln!(out, "  - name: {}", scalar(&one.name));
            if let Some(logo) = &one.logo {
                let _ = writeln!(out, "    logo: {}", scalar(logo));
            }
            if let Some(url) = &one.url {
                let _ = writeln!(out, "    url: {}", quoted(url));
            }
            if !one.contributors.is_empty() {
                out.push_str("    contributors:\n");
            }
            for person in &one.contributors {
                let _ = writeln!(out, "      - name: {}", scalar(&person.name));
                if let Some(role) = &person.role {
                    let _ = writeln!(out, "        role: {}", scalar(role));
                }
            }
        }
    }
    out
}

/// A text as YAML: plain where every reader takes it for the same text, else in quotes.
fn scalar(text: &str) -> String {
    let first = text.chars().next().unwrap_or(' ');
    let plain = (first.is_alphabetic() || first == '/')
        && !text.contains([':', '#', '"', '\'', '\\', '\n', '\t', '{', '}', '[', ']'])
        && !text.ends_with(' ')
        && !text.chars().any(char::is_control);
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if plain && !words.contains(&text.to_lowercase().as_str()) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text in double quotes, on one line.
fn quoted(text: &str) -> String {
    let text = line(text).unwrap_or_default();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
