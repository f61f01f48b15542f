//! Work in a process that has the profile open already, as the window does. This program starts
//! itself for it, so that the memory counted is that work's alone.

mod rest;

use crate::Failed;
use crate::generate::{FREQUENT, PREFIX, RARE};
use crate::measure::{peak_of, timed};
use commonhold_app::commands::{imports, records, reports, sync};
use commonhold_app::{App, events};
use commonhold_core::document::Document;
use commonhold_core::id::from_purpose;
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::{BookId, Date, Kind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Runs one piece of work on a profile and prints what it measured, in microseconds.
pub fn run(words: &[String]) -> Result<(), Failed> {
    let [what, home, rest @ ..] = words else {
        return Err("bench --warm WHAT HOME".into());
    };
    let mut app = App::open(Path::new(home))?;
    let book = app.reader().books()?.first().ok_or("the profile is empty")?.id;
    let mut out = match what.as_str() {
        "add" => add(&mut app, &book)?,
        "read" => read(&app, &book)?,
        "many" => many(&mut app, &book, rest)?,
        "sync" => exchange(&mut app, &book, rest)?,
        "rest" => rest::at_rest(&mut app, &book, rest)?,
        "rebuild" => one("rebuild", timed(|| Ok(app.store()?.rebuild()?))?.1),
        "window" => window(&mut app, &book)?,
        "verify" => verify(&app, &book)?,
        other => return Err(format!("bench --warm does not know “{other}”").into()),
    };
    out.insert("peak".into(), json!(peak_of("self").unwrap_or(0)));
    println!("{}", Value::Object(out));
    Ok(())
}

fn one(name: &str, time: Duration) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), json!(micros(time)))])
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The middle one of several times, in microseconds.
fn middle(
    times: usize,
    mut work: impl FnMut(usize) -> Result<(), Failed>,
) -> Result<Value, Failed> {
    let mut all = Vec::new();
    for n in 0..times {
        all.push(micros(timed(|| work(n))?.1));
    }
    all.sort_unstable();
    Ok(json!(all.get(all.len() / 2)))
}

fn today() -> Date {
    Date::new(2026, 11, 21).unwrap_or_default()
}

/// Writes one transaction as a person enters it.
fn enter(app: &mut App, book: &BookId, n: usize) -> Result<(), Failed> {
    let account = |path: &str| from_purpose(book, &format!("account/{path}"));
    let fund = from_purpose(book, "fund/general");
    let cents = format!("{}.{:02}", n / 100, n % 100);
    let fields = json!({"date": "2026-03-04", "payee": "Hetzner Online GmbH",
        "narration": format!("entered {n}"), "postings": [
            {"account": account("Assets:Bank"), "amount": format!("-1{cents} EUR"), "fund": fund},
            {"account": account("Expenses:Program:Hosting"), "amount": format!("1{cents} EUR"),
             "fund": fund}]});
    let fields = fields.as_object().cloned().unwrap_or_default();
    records::add(app, book, Kind::Transaction, fields)?;
    Ok(())
}

fn add(app: &mut App, book: &BookId) -> Result<Map<String, Value>, Failed> {
    let mut out = one("first", timed(|| enter(app, book, 0))?.1);
    let only = middle(25, |n| enter(app, book, n))?;
    let both = middle(25, |n| {
        enter(app, book, n)?;
        reports::overview(app.reader(), book, None, today())?;
        Ok(())
    })?;
    out.insert("add".into(), only);
    out.insert("add_and_report".into(), both);
    Ok(out)
}

/// Lists and searches, each warm.
fn read(app: &App, book: &BookId) -> Result<Map<String, Value>, Failed> {
    let mut out = Map::new();
    let reader = app.reader();
    for (name, words) in [("rare", RARE), ("frequent", FREQUENT), ("prefix", PREFIX)] {
        let found = records::search(reader, book, words, 0, 50)?;
        if found.total == 0 {
            return Err(format!("the search finds no “{words}”").into());
        }
        let time = middle(9, |_| Ok(records::search(reader, book, words, 0, 50).map(|_| ())?))?;
        out.insert(name.into(), time);
        out.insert(format!("{name}_found"), json!(found.total));
    }
    let total = reader.count(book, Kind::Transaction)?;
    let total = u32::try_from(total)?;
    for (name, offset) in
        [("list", 0), ("list_middle", total / 2), ("list_end", total.saturating_sub(200))]
    {
        let query = records::Query { offset, limit: 100, ..Default::default() };
        let work = |_| Ok(records::list(reader, book, Kind::Transaction, &query).map(|_| ())?);
        out.insert(name.into(), middle(9, work)?);
    }
    let report = |_| Ok(reports::overview(reader, book, None, today()).map(|_| ())?);
    out.insert("report".into(), middle(9, report)?);
    Ok(out)
}

/// What a window does in its first minute, for its memory.
fn window(app: &mut App, book: &BookId) -> Result<Map<String, Value>, Failed> {
    let out = read(app, book)?;
    enter(app, book, 1)?;
    reports::overview(app.reader(), book, None, today())?;
    imports::mapping_list(app.reader())?;
    Ok(out)
}

/// Enters many transactions one by one.
fn many(app: &mut App, book: &BookId, rest: &[String]) -> Result<Map<String, Value>, Failed> {
    let [count, ..] = rest else {
        return Err("how many?".into());
    };
    let count: usize = count.parse()?;
    let time = timed(|| (0..count).try_for_each(|n| enter(app, book, n)))?.1;
    Ok(one("many", time))
}

/// What it costs to check who signed what, and what it costs to load all documents.
fn verify(app: &App, book: &BookId) -> Result<Map<String, Value>, Failed> {
    let reader = app.reader();
    let mut objects = Vec::new();
    for log in reader.logs(book)? {
        objects.extend(reader.objects(log.n, 0, u32::MAX)?.into_iter().map(|(_, bytes)| bytes));
    }
    let read = timed(|| Ok(objects.iter().try_for_each(|b| Object::reopen(b).map(|_| ()))?))?.1;
    let checked = timed(|| {
        let authority = reader.authority(book)?;
        for bytes in &objects {
            let object = Object::open(bytes)?;
            let place = (object.log(), object.seq);
            authority.judge(&object.device, place, &object.authority, object.time);
        }
        Ok(())
    })?;
    let loaded = timed(|| {
        let mut documents: BTreeMap<String, Document> = BTreeMap::new();
        for bytes in &objects {
            let object = Object::reopen(bytes)?;
            if object.kind == ObjectKind::Changes {
                let fresh = Document::new(book, &object.document)?;
                let document = documents.entry(object.document).or_insert(fresh);
                document.replay(&object.parts)?;
            }
        }
        Ok(())
    })?;
    let mut out = one("verify", checked.1.saturating_sub(read));
    out.insert("load".into(), json!(micros(loaded.1)));
    out.insert("objects".into(), json!(objects.len()));
    Ok(out)
}

/// Exchanges with a folder; answers also with a fingerprint of all records.
fn exchange(app: &mut App, book: &BookId, rest: &[String]) -> Result<Map<String, Value>, Failed> {
    let [folder, ..] = rest else {
        return Err("with which folder?".into());
    };
    let mut heard = events::unheard;
    let time = timed(|| Ok(sync::sync_folder(app, Some(*book), Path::new(folder), &mut heard)?))?.1;
    let mut out = one("sync", time);
    out.insert("fingerprint".into(), json!(app.reader().fingerprint(book)?.to_string()));
    Ok(out)
}
