//! A project's record from ecosyste.ms (JSON), to begin a service's profile with.
//!
//! Every field may be missing, null or of another type: then it is left out. Nothing is required
//! but that the file is such a record at all.

use super::text::{clip, tidy};
use super::{Error, refuse};
use serde_json::{Map, Value};

/// Largest record that is read, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Longest name and purpose, in bytes.
const MAX_NAME: usize = 100;
const MAX_PURPOSE: usize = 1_000;
const MAX_URL: usize = 2_000;

/// What a record says about a service. A person completes and confirms it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceDraft {
    /// The first heading of the readme, else the project's or repository's name.
    pub name: String,
    /// The repository's description; empty when there is none.
    pub purpose: String,
    /// The first category the record names.
    pub category: Option<String>,
    /// A web address (http or https).
    pub homepage: Option<String>,
    /// Where the source is (http or https).
    pub repository: Option<String>,
    /// Languages people are served in; always empty, since the record names only programming
    /// languages.
    pub languages: Vec<String>,
}

/// Reads a project record, or the repository record inside one.
///
/// # Errors
/// When the file is no JSON or no such record; the sentence says where and what to do.
pub fn read_project(bytes: &[u8]) -> Result<ServiceDraft, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::Json(
            "The file is larger than 16 MiB; a project's record is not.".into(),
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_json(bytes, &error))?;
    let none = Map::new();
    let project = value.as_object().ok_or_else(not_a_project)?;
    let inner = project.get("repository").and_then(Value::as_object);
    let alone = inner.is_none() && project.contains_key("full_name");
    let repository = inner.unwrap_or(if alone { project } else { &none });
    let source = url(project.get("repository_url").filter(|_| !alone))
        .filter(|_| repository.is_empty())
        .or_else(|| url(repository.get("html_url")))
        .or_else(|| if alone { None } else { url(project.get("url")) });
    if repository.is_empty() && source.is_none() {
        return Err(not_a_project());
    }
    let name = heading(project)
        .or_else(|| text(project.get("name"), MAX_NAME))
        .or_else(|| text(repository.get("name"), MAX_NAME))
        .or_else(|| last_part(text(repository.get("full_name"), MAX_NAME)))
        .or_else(|| last_part(source.clone()));
    let purpose = text(repository.get("description"), MAX_PURPOSE)
        .or_else(|| text(project.get("description"), MAX_PURPOSE));
    let category =
        project.get("category").or_else(|| project.get("categories")?.as_array()?.first());
    Ok(ServiceDraft {
        name: name.unwrap_or_default(),
        purpose: purpose.unwrap_or_default(),
        category: text(category, MAX_NAME),
        homepage: url(repository.get("homepage")).or_else(|| url(project.get("homepage"))),
        repository: source,
        languages: Vec::new(),
    })
}

fn not_a_project() -> Error {
    Error::Json(
        "The file is no project record of ecosyste.ms: it names no repository; save the project's \
         JSON from there again."
            .into(),
    )
}

/// Names another sort of file by its beginning, else the place where the JSON ends to be JSON.
fn not_json(bytes: &[u8], error: &serde_json::Error) -> Error {
    match refuse::check(bytes) {
        Err(Error::OtherFile(sentence)) if !sentence.contains("JSON") => {
            Error::Json(sentence.replace("CSV", "JSON"))
        }
        _ => Error::Json(format!(
            "The file is not readable as JSON at line {}, column {}; save it again.",
            error.line(),
            error.column()
        )),
    }
}

fn text(value: Option<&Value>, max: usize) -> Option<String> {
    let text = tidy(value?.as_str()?);
    (!text.is_empty()).then(|| clip(&text, max))
}

/// An address that may be shown as a link: http or https, in one piece.
fn url(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
    (!rest.is_empty() && text.len() <= MAX_URL && !text.contains(odd)).then(|| text.to_owned())
}

fn last_part(path: Option<String>) -> Option<String> {
    let path = path?;
    let part = path.trim_end_matches('/').rsplit('/').next()?;
    (!part.is_empty()).then(|| clip(part, MAX_NAME))
}

/// The readme's first heading when it is plain words.
fn heading(project: &Map<String, Value>) -> Option<String> {
    let readme = project.get("readme")?.as_str()?;
    let line = readme.lines().take(50).find_map(|line| line.trim().strip_prefix("# "))?;
    let name = tidy(line);
    let plain = !name.is_empty() && name.len() <= MAX_NAME;
    (plain && !name.contains(['[', ']', '<', '>', '`', '!', '*', '|'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    const PROJECT: &[u8] =
        include_bytes!("../../../../tests/fixtures/import/ecosystems-project.json");

    #[test]
    fn a_name_taken_from_an_address_is_cut_like_any_other() {
        let long =
            format!(r#"{{"url":"https://git.example/{}","repository":null}}"#, "d".repeat(500));
        let draft = read_project(long.as_bytes()).unwrap();
        assert!(draft.name.starts_with("ddd") && draft.name.len() <= MAX_NAME + 3);
    }

    #[test]
    fn a_project_begins_a_service() {
        let draft = read_project(PROJECT).unwrap();
        assert_eq!(draft.name, "Harbor Mirror");
        assert_eq!(draft.purpose, "Package mirror for small harbours");
        assert_eq!(draft.category.as_deref(), Some("Mirrors"));
        assert_eq!(draft.homepage.as_deref(), Some("https://harbor.example/"));
        assert_eq!(draft.repository.as_deref(), Some("https://git.example/harbor/mirror"));
        assert!(draft.languages.is_empty());
    }

    #[test]
    fn all_fields_may_be_missing_or_odd() {
        let draft =
            read_project(br#"{"url":"https://git.example/a/b","repository":null}"#).unwrap();
        assert_eq!(draft.name, "b");
        let odd = br#"{"repository":{"full_name":"a/b","description":7,"homepage":"javascript:x"},
            "categories":[null],"readme":"\n# [badge](x)\n","name":[]}"#;
        let draft = read_project(odd).unwrap();
        assert_eq!((draft.name.as_str(), draft.purpose.as_str()), ("b", ""));
        assert_eq!((draft.category, draft.homepage, draft.repository), (None, None, None));
        let alone = br#"{"full_name":"a/b","html_url":"https://git.example/a/b"}"#;
        assert_eq!(
            read_project(alone).unwrap().repository.as_deref(),
            Some("https://git.example/a/b")
        );
    }

    #[test]
    fn other_files_are_refused_with_a_sentence() {
        for (bytes, word) in [
            (&b"{\"a\": 1}"[..], "no project record"),
            (b"[1]", "no project record"),
            (b"{\"a\":\n ]", "line 2, column 2"),
            (b"<!doctype html>", "web page"),
            (b"", "empty"),
        ] {
            let sentence = read_project(bytes).unwrap_err().to_string();
            assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
        }
        let deep = "[".repeat(100_000);
        assert!(read_project(deep.as_bytes()).is_err());
    }

    #[test]
    fn damage_never_panics() {
        for end in 0..PROJECT.len() {
            let _ = read_project(&PROJECT[..end]);
            let mut flipped = PROJECT.to_vec();
            flipped[end] ^= 0x15;
            let _ = read_project(&flipped);
        }
    }

    #[test]
    fn the_real_record_reads_when_it_is_there() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/fixtures/samples/ecosystems/ecosystems-project.json"
        );
        let Ok(bytes) = std::fs::read(path) else {
            return;
        };
        let draft = read_project(&bytes).unwrap();
        assert_eq!(draft.name, "Open Services");
        assert!(draft.repository.is_some_and(|url| url.starts_with("https://")));
        assert_eq!(draft.homepage, None);
    }
}
