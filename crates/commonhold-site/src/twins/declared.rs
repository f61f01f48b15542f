//! What others look for that a service declares of itself: its licence in `publiccode.yml` and
//! `codemeta.json`, and where weaknesses are reported in `security.txt`. A file is left out where the
//! records do not say what it must hold.

use super::meta::quoted;
use crate::gather::Book;
use crate::messages::{Language, Messages};

/// How many days `security.txt` holds; the page is written anew long before.
const HOLDS: usize = 180;
/// Shortest and longest long description (publiccode.yml 0.4).
const LONG: std::ops::RangeInclusive<usize> = 150..=10_000;
/// Longest short description.
const SHORT: usize = 150;

/// Whether there is a `security.txt`.
pub fn has_security(book: &Book<'_>) -> bool {
    book.service.security.is_some() && !matches!(book.phase.as_str(), "closed")
}

/// `security.txt` (RFC 9116).
pub fn security(book: &Book<'_>) -> String {
    let contact = book.service.security.as_deref().unwrap_or_default();
    let languages: Vec<&str> =
        book.options.languages.iter().map(|language| language.tag()).collect();
    let expires = (0..HOLDS).fold(book.day(), |day, _| day.next());
    let mut out = format!("Contact: {contact}\nExpires: {expires}T00:00:00Z\n");
    out.push_str(&format!("Preferred-Languages: {}\n", languages.join(", ")));
    if let Some(base) = &book.options.base_url {
        out.push_str(&format!("Canonical: {base}/.well-known/security.txt\n"));
    }
    out
}

/// What the service is, in one text as long as the format wants it; nothing where too little is on
/// record.
fn long(book: &Book<'_>) -> Option<String> {
    let service = &book.service;
    let parts = [Some(&service.purpose), service.need.as_ref(), service.audience.as_ref()];
    let parts = parts.into_iter().chain([service.sustain.as_ref()]).flatten();
    let text = parts.map(|part| part.trim()).filter(|part| !part.is_empty());
    let text = text.collect::<Vec<_>>().join("\n\n");
    LONG.contains(&text.chars().count()).then_some(text)
}

/// Whether there is a `publiccode.yml`.
pub fn has_code(book: &Book<'_>) -> bool {
    let service = &book.service;
    service.license.is_some() && service.repository.is_some() && long(book).is_some()
}

/// `publiccode.yml` 0.4.
pub fn code(book: &Book<'_>) -> String {
    let service = &book.service;
    let text = long(book).unwrap_or_default();
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short = crate::format::short(&one_line, SHORT);
    let status = match book.phase.as_str() {
        "evaluating" => "concept",
        "starting" => "development",
        "operating" => "stable",
        _ => "obsolete",
    };
    let language = book.options.languages.first().copied().unwrap_or(Language::En);
    let m = Messages::of(language);
    let maintenance = if book.ends() { "none" } else { "community" };
    let worked: Vec<String> = if service.languages.is_empty() {
        vec![quoted(language.tag())]
    } else {
        service.languages.iter().map(|tag| quoted(tag)).collect()
    };
    let mut out = format!(
        "publiccodeYmlVersion: \"0.4\"\nname: {name}\nurl: {url}\n",
        name = quoted(&service.name),
        url = quoted(service.repository.as_deref().unwrap_or_default())
    );
    if let Some(homepage) = &service.homepage {
        out.push_str(&format!("landingURL: {}\n", quoted(homepage)));
    }
    out.push_str(&format!(
        "platforms:\n  - web\ndevelopmentStatus: {status}\nsoftwareType: standalone/web\n\
         description:\n  {tag}:\n    shortDescription: {short}\n    longDescription: {text}\n    \
         features:\n      - {feature}\n\
         legal:\n  license: {license}\n\
         maintenance:\n  type: {maintenance}\n  contacts:\n    - name: {name}\n\
         localisation:\n  localisationReady: {ready}\n  availableLanguages:\n{languages}",
        tag = language.tag(),
        short = quoted(&short),
        text = quoted(&text),
        feature = quoted(&m.t("code.feature")),
        license = quoted(service.license.as_deref().unwrap_or_default()),
        name = quoted(&service.name),
        ready = worked.len() > 1,
        languages = worked.iter().map(|tag| format!("    - {tag}\n")).collect::<String>(),
    ));
    out
}
