//! `ro-crate-metadata.json`: names every file for archives and universities (RO-Crate 1.1).

use super::{Error, Export, words};
use serde_json::{Value, json};
use std::io::Write;

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("jsonl") => "application/x-ndjson",
        Some("md") => "text/markdown",
        Some("py") => "text/x-python",
        Some("html") => "text/html",
        Some("txt" | "beancount" | "journal") => "text/plain",
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("tif") => "image/tiff",
        Some("svg") => "image/svg+xml",
        Some("xml") => "application/xml",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

/// The entities that are no files: the metadata, the crate, the licence, the publisher.
fn frame(work: &Export<'_>, parts: Vec<Value>) -> Vec<Value> {
    let name = words::one_line(&work.book.name);
    let home = work.book.homepage.as_str();
    let web = home.starts_with("https://") || home.starts_with("http://");
    let plain = home.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\'));
    let publisher = if web && plain { home } else { "#service" };
    let license = format!("https://spdx.org/licenses/{}", work.book.license);
    let mut organization = json!({ "@id": publisher, "@type": "Organization", "name": name });
    if publisher == home
        && let Value::Object(organization) = &mut organization
    {
        organization.insert("url".into(), home.into());
    }
    vec![
        json!({
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": { "@id": "./" },
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": format!("{name}: complete archive"),
            "description": "The record of one open service: money, decisions, texts and people.",
            "datePublished": work.written.date().to_string(),
            "license": { "@id": license },
            "publisher": { "@id": publisher },
            "hasPart": parts,
        }),
        json!({
            "@id": license,
            "@type": "CreativeWork",
            "name": work.book.license,
            "description": "The terms under which the data may be used",
        }),
        organization,
    ]
}

/// Writes the metadata; every other file of the payload must have been written.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let files: Vec<(String, u64)> =
        work.bag.payload().iter().map(|(path, file)| ((*path).to_owned(), file.bytes)).collect();
    let parts = files.iter().map(|(path, _)| json!({ "@id": path })).collect();
    let frame = frame(work, parts);
    work.bag.start("data/ro-crate-metadata.json", true)?;
    let context = "https://w3id.org/ro/crate/1.1/context";
    write!(work.bag, "{{\n\"@context\": \"{context}\",\n\"@graph\": [\n")?;
    let mut comma = "";
    for entity in frame {
        write!(work.bag, "{comma}{entity}")?;
        comma = ",\n";
    }
    for (path, bytes) in &files {
        let name = path.rsplit('/').next().unwrap_or(path);
        let entity = json!({
            "@id": path,
            "@type": "File",
            "name": name,
            "encodingFormat": media_type(path),
            "contentSize": bytes.to_string(),
        });
        write!(work.bag, "{comma}{entity}")?;
    }
    work.bag.write_all(b"\n]\n}\n")?;
    work.bag.end();
    Ok(())
}
