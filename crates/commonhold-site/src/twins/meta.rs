//! Files with fixed names that others look for. A file is left out where the records do not say what
//! it must hold; nothing is made up.

use super::declared;
use crate::Error;
use crate::gather::{Book, text};
use crate::output::Output;
use crate::pages::operations::by_version;
use commonhold_core::date::Month;
use commonhold_core::records::finance::channel::Channel;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Channels with an address.
fn channels<'b>(book: &'b Book<'_>) -> Vec<(&'b Channel, &'b str)> {
    let open = book.channels.iter().filter(|_| !book.ends());
    open.filter_map(|(_, channel)| Some((channel, channel.url.as_deref()?))).collect()
}

/// Which of these files there are, with the key of what they hold.
pub fn listed(book: &Book<'_>) -> Vec<(String, &'static str)> {
    let mut files = Vec::new();
    let mut add = |there: bool, path: &str, key: &'static str| {
        if there {
            files.push((path.to_owned(), key));
        }
    };
    let service = &book.service;
    let given = !channels(book).is_empty();
    add(given && service.homepage.is_some(), "funding.json", "file.funding");
    add(given, "FUNDING.yml", "file.github");
    add(!book.operations.changes.is_empty(), "CHANGELOG.md", "file.changelog");
    add(service.repository.is_some(), "codemeta.json", "file.codemeta");
    add(service.repository.is_some(), "CITATION.cff", "file.citation");
    add(declared::has_code(book), "publiccode.yml", "file.publiccode");
    add(declared::has_security(book), ".well-known/security.txt", "file.security");
    add(book.options.base_url.is_some(), "sitemap.xml", "file.sitemap");
    files
}

/// Writes them.
pub fn write(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
    let there: Vec<String> = listed(book).into_iter().map(|(path, _)| path).collect();
    for path in &there {
        match path.as_str() {
            "funding.json" => out.whole(path, funding(book).as_bytes())?,
            "FUNDING.yml" => out.whole(path, github(book).as_bytes())?,
            "CHANGELOG.md" => out.whole(path, changelog(book).as_bytes())?,
            "codemeta.json" => super::put(out, path, &codemeta(book))?,
            "publiccode.yml" => out.whole(path, declared::code(book).as_bytes())?,
            ".well-known/security.txt" => out.whole(path, declared::security(book).as_bytes())?,
            "CITATION.cff" => out.whole(path, citation(book).as_bytes())?,
            _ => {}
        }
    }
    let mut robots = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = &book.options.base_url {
        if there.iter().any(|path| path == "funding.json") {
            let line = format!("{base}/funding.json\n");
            out.whole(".well-known/funding-manifest-urls", line.as_bytes())?;
        }
        robots.push_str(&format!("Sitemap: {base}/sitemap.xml\n"));
        out.whole("robots.txt", robots.as_bytes())?;
        let text = sitemap(base, &out.paths());
        return out.whole("sitemap.xml", text.as_bytes());
    }
    out.whole("robots.txt", robots.as_bytes())
}

/// Every page (sitemaps.org 0.9).
fn sitemap(base: &str, paths: &[String]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    // One sitemap names at most 50,000 pages.
    for path in paths.iter().filter(|path| path.ends_with(".html")).take(50_000) {
        let page = super::feeds::clean(&format!("{base}/{path}"));
        xml.push_str(&format!(" <url><loc>{page}</loc></url>\n"));
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Text without signs that this file uses for itself.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// An amount as the number it is in JSON: marked here, freed of its quotes when written.
fn bare(decimal: &str) -> Value {
    Value::from(format!("\u{1}{decimal}\u{1}"))
}

/// `funding.json` of floss.fund, version 1.
fn funding(book: &Book<'_>) -> String {
    let (service, currency) = (&book.service, book.money.currency().to_string());
    let ways = channels(book);
    let id = |place: usize| format!("channel-{}", place.saturating_add(1));
    let listed: Vec<Value> = ways
        .iter()
        .zip(0_usize..)
        .map(|((channel, url), place)| {
            json!({ "guid": id(place), "type": "payment-provider", "address": url,
                "description": plain(&channel.name, 500) })
        })
        .collect();
    let mut plans = Vec::new();
    for (frequency, name, wanted) in [
        ("one-time", "Give once", (|c| c.one_time) as fn(&Channel) -> bool),
        ("monthly", "Give every month", |c| c.recurring),
    ] {
        let open: Vec<String> = ways
            .iter()
            .zip(0_usize..)
            .filter(|((channel, _), _)| wanted(channel))
            .map(|(_, place)| id(place))
            .collect();
        if !open.is_empty() {
            plans.push(json!({ "guid": frequency, "status": "active", "name": name,
                "description": "Any amount.", "amount": 0, "currency": currency,
                "frequency": frequency, "channels": open }));
        }
    }
    let value = json!({
        "version": "v1.0.0",
        "entity": {
            "type": if service.legal_form.is_some() { "organisation" } else { "group" },
            "role": "steward", "name": plain(&service.name, 250), "email": "",
            "description": plain(&service.purpose, 2000),
            "webpageUrl": { "url": service.homepage },
        },
        "projects": [],
        "funding": { "channels": listed, "plans": plans, "history": history(book, &currency) },
    });
    format!("{value:#}\n").replace("\"\\u0001", "").replace("\\u0001\"", "")
}

/// Income and expenses of each year.
fn history(book: &Book<'_>, currency: &str) -> Vec<Value> {
    let last = book.day().month();
    let first = book.months.last().map_or(last, |(month, _)| *month);
    let mut years: BTreeMap<i16, Vec<Month>> = BTreeMap::new();
    for month in (first.index()..=last.index()).map(Month::from_index) {
        years.entry(month.first_day().year()).or_default().push(month);
    }
    let newest = years.into_iter().rev().take(50);
    let line = |(year, months): (i16, Vec<Month>)| {
        let flow = book.money.flow(&months);
        json!({
            "year": year, "income": bare(&book.money.money(flow.income).decimal()),
            "expenses": bare(&book.money.money(flow.expense).decimal()), "taxes": 0,
            "currency": currency, "description": "",
        })
    };
    newest.map(line).collect()
}

/// A text in double quotes (YAML 1.2; JSON strings are such texts).
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `.github/FUNDING.yml`; those ways it has words for are named by them.
fn github(book: &Book<'_>) -> String {
    let named = [
        ("https://github.com/sponsors/", "github"),
        ("https://opencollective.com/", "open_collective"),
        ("https://liberapay.com/", "liberapay"),
        ("https://ko-fi.com/", "ko_fi"),
        ("https://www.patreon.com/", "patreon"),
    ];
    let mut lines: BTreeMap<&str, String> = BTreeMap::new();
    let mut custom = Vec::new();
    for (_, url) in channels(book) {
        let known = named.iter().find_map(|(start, word)| {
            let rest = url.strip_prefix(start)?.trim_end_matches('/');
            let name = !rest.is_empty()
                && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            name.then_some((*word, rest))
        });
        match known {
            Some((word, name)) if !lines.contains_key(word) => {
                lines.insert(word, name.to_owned());
            }
            _ => custom.push(quoted(url)),
        }
    }
    // GitHub reads four addresses at most.
    custom.truncate(4);
    let mut out: String = lines.iter().map(|(word, name)| format!("{word}: {name}\n")).collect();
    if !custom.is_empty() {
        out.push_str(&format!("custom: [{}]\n", custom.join(", ")));
    }
    out
}

/// Keep a Changelog 1.1.0.
fn changelog(book: &Book<'_>) -> String {
    let mut out = String::from("# Changelog\n");
    for (version, lines) in by_version(&book.operations.changes) {
        let day = lines.iter().map(|line| text(line, "date")).max().unwrap_or_default();
        if version.is_empty() {
            out.push_str("\n## [Unreleased]\n");
        } else {
            out.push_str(&format!("\n## [{}] - {day}\n", plain(&version, 100)));
        }
        for category in ["added", "changed", "deprecated", "removed", "fixed", "security"] {
            let own: Vec<_> =
                lines.iter().filter(|line| text(line, "category") == category).collect();
            if own.is_empty() {
                continue;
            }
            let mut letters = category.chars();
            let first: String =
                letters.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
            out.push_str(&format!("\n### {first}{}\n\n", letters.as_str()));
            for line in own {
                let words: Vec<&str> = text(line, "text").split_whitespace().collect();
                out.push_str(&format!("- {}\n", words.join(" ")));
            }
        }
    }
    out
}

fn codemeta(book: &Book<'_>) -> Value {
    let service = &book.service;
    let mut value = json!({
        "@context": "https://w3id.org/codemeta/3.0",
        "type": "SoftwareSourceCode",
        "name": service.name,
        "description": service.purpose,
        "codeRepository": service.repository,
        "url": service.homepage,
        "license": service.license.as_ref().map(|id| format!("https://spdx.org/licenses/{id}")),
        "applicationCategory": service.category,
        "author": [{ "type": "Organization", "name": service.name }],
        "developmentStatus": if matches!(book.phase.as_str(), "closing" | "closed") { "inactive" } else { "active" },
    });
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    }
    value
}

/// Citation File Format 1.2.0.
fn citation(book: &Book<'_>) -> String {
    let service = &book.service;
    let mut out = String::from(
        "cff-version: 1.2.0\nmessage: \"Please cite this service as follows.\"\ntype: software\n",
    );
    out.push_str(&format!(
        "title: {}\nauthors:\n  - name: {}\n",
        quoted(&service.name),
        quoted(&service.name)
    ));
    let lines = [
        ("repository-code", &service.repository),
        ("url", &service.homepage),
        ("license", &service.license),
    ];
    for (key, value) in lines {
        if let Some(value) = value {
            out.push_str(&format!("{key}: {}\n", quoted(value)));
        }
    }
    if !service.purpose.is_empty() {
        out.push_str(&format!("abstract: {}\n", quoted(&service.purpose)));
    }
    out
}
