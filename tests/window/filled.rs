//! The screens of a service with half a year behind it: nothing is empty, and no rule of
//! accessibility is broken. The pictures are for people to look at.

use super::driver::Window;
use super::looks::look;
use crate::support::harbor::named;
use commonhold_app::App;
use commonhold_app::commands::{records, sample};
use commonhold_core::{BookId, Kind};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The screens with lists and figures, and the name of each one's picture.
const SCREENS: &[(&str, &str)] = &[
    ("overview", "overview"),
    ("needs", "needs"),
    ("finance/to-pay", "to-pay"),
    ("finance/recurring", "recurring"),
    ("finance/plan", "plan"),
    ("finance/giving", "giving"),
    ("decisions", "decisions"),
    ("framework/requirements", "requirements"),
    ("framework/phase", "phase"),
    ("framework/scenarios", "scenarios"),
    ("operations/incidents", "incidents"),
    ("operations/deploys", "deploys"),
    ("operations/availability", "availability"),
    ("operations/metrics", "metrics"),
    ("operations/continuities", "continuity"),
    ("operations/components", "components"),
    ("operations/secrets", "secrets"),
    ("operations/changes", "changelog"),
    ("knowledge/runbooks", "runbooks"),
    ("knowledge/processes", "processes"),
    ("knowledge/feedbacks", "feedback"),
    ("knowledge/commons", "commons"),
    ("knowledge/community", "community"),
    ("product/items", "roadmap"),
    ("governance/people", "people"),
    ("publish", "publish"),
];

/// Kinds whose first record is opened too, and where its screen lies.
const OPENED: &[(&str, &str)] = &[
    ("incident", "operations/incidents"),
    ("deploy", "operations/deploys"),
    ("runbook", "knowledge/runbooks"),
    ("secret", "operations/secrets"),
    ("continuity", "operations/continuities"),
];

/// One record, in the order they are written.
#[derive(Deserialize)]
struct Filled {
    /// What others call it: `$name`.
    name: Option<String>,
    kind: Kind,
    fields: Value,
}

/// Puts ids in the place of `$name`, and of `@kind:title` for what the sample has.
fn resolve(value: &mut Value, known: &BTreeMap<String, String>, app: &App, book: &BookId) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix('$') {
                *text = known.get(name).expect("it is written before").clone();
            } else if let Some((kind, title)) =
                text.strip_prefix('@').and_then(|text| text.split_once(':'))
            {
                *text = named(app.reader(), book, kind.parse().unwrap(), title).to_string();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| resolve(item, known, app, book)),
        Value::Object(map) => map.values_mut().for_each(|item| resolve(item, known, app, book)),
        _ => {}
    }
}

/// The sample with records of every area; the ids of the named ones.
fn fill(home: &Path) -> BTreeMap<String, String> {
    let mut app = App::open(home).expect("a profile");
    let book = sample::create(&mut app).expect("the sample");
    let all: Vec<Filled> = serde_json::from_str(include_str!("filled.json")).unwrap();
    let mut known = BTreeMap::new();
    for Filled { name, kind, mut fields } in all {
        resolve(&mut fields, &known, &app, &book);
        let written = fields.as_object().cloned().unwrap();
        let id = records::add(&mut app, &book, kind, written);
        let id = id.unwrap_or_else(|why| panic!("{kind} {fields}: {why:?}")).to_string();
        known.entry(kind.to_string()).or_insert_with(|| id.clone());
        known.extend(name.map(|name| (name, id)));
    }
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_much_behind_it_is_shown_well() {
    let home = tempfile::tempdir().expect("a scratch folder");
    let known = fill(home.path());
    let window = Window::on(Some(home.path())).await;
    window.ready("overview").await;
    let mut wrong = Vec::new();
    for (path, name) in SCREENS {
        window.go(path).await;
        look(&window, &format!("filled-{name}"), &mut wrong).await;
    }
    for (kind, path) in OPENED {
        window.go(&format!("{path}/{}", known[*kind])).await;
        look(&window, &format!("filled-one-{kind}"), &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
