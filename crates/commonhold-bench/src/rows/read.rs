//! What is read from a book, whole process or warm.

use super::at_most;
use crate::Failed;
use crate::generate::{FREQUENT, PREFIX, RARE};
use crate::measure::{Measure, repeat};
use crate::place::Place;
use crate::table::{Row, Table, Value};
use std::time::Duration;

/// Two processes one after the other, as one.
fn both(one: Measure, two: Measure) -> Measure {
    Measure { time: one.time.saturating_add(two.time), peak: one.peak.max(two.peak) }
}

/// Whole process: open, print balances and income by month.
pub fn open(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.book(place.size)?;
    let journal = place.files(place.size)?.1.display().to_string();
    let ours = repeat(place.repeat, |_| {
        let balances = place.commonhold(&home, &["--json", "report", "balances"])?;
        Ok(both(balances, place.commonhold(&home, &["--json", "report", "income"])?))
    })?;
    let hledger = repeat(place.repeat, |_| {
        let balances = place.other("hledger", &["-f", &journal, "bal"])?;
        Ok(both(balances, place.other("hledger", &["-f", &journal, "is", "-M"])?))
    })?;
    let ledger = repeat(place.repeat, |_| {
        let balances = place.other("ledger", &["-f", &journal, "bal"])?;
        Ok(both(
            balances,
            place.other("ledger", &["-f", &journal, "reg", "-M", "^Income", "^Expenses"])?,
        ))
    })?;
    for (name, theirs) in [("hledger", hledger), ("ledger", ledger)] {
        let row = Row::of("open, print balances and income by month (two processes)", ours);
        let name = format!("{name} ({} MB)", theirs.peak / 1024);
        table.add(row.peer(name, Value::Time(theirs.time)).target(at_most(100)));
    }
    Ok(())
}

/// Whole process: one report each.
pub fn reports(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.book(place.size)?;
    for name in [
        "budget",
        "forecast",
        "coverage",
        "concentration",
        "what-if",
        "left-over",
        "self-funded",
        "statements",
        "trial-balance",
    ] {
        let ours = repeat(place.repeat, |_| place.commonhold(&home, &["--json", "report", name]))?;
        table.add(Row::of(format!("report {name}, whole process"), ours).target(at_most(100)));
    }
    Ok(())
}

/// A warm measurement by its name, in the middle of the repetitions.
fn warm(all: &[serde_json::Value], name: &str) -> Value {
    let mut times: Vec<u64> =
        all.iter().filter_map(|v| v.get(name).and_then(serde_json::Value::as_u64)).collect();
    times.sort_unstable();
    Value::Time(Duration::from_micros(times.get(times.len() / 2).copied().unwrap_or(0)))
}

/// One transaction more, and the report it changes.
pub fn add(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let journal = place.files(place.size)?.1.display().to_string();
    let mut all = Vec::new();
    for _ in 0..place.repeat {
        all.push(place.warm(&place.copy(place.size, "add")?, "add", &[])?.0);
    }
    let theirs = repeat(place.repeat, |_| place.other("hledger", &["-f", &journal, "is", "-M"]))?;
    let row = Row::new("add one transaction, read the report, warm", warm(&all, "add_and_report"));
    let name = "hledger is -M (reads everything again)";
    table.add(row.peer(name, Value::Time(theirs.time)).target(at_most(15)));
    table.add(Row::new("of that: signed and on disk", warm(&all, "add")));
    table.add(Row::new("the first one after opening", warm(&all, "first")));
    let (_, peak) = place.warm(&place.copy(place.size, "add")?, "window", &[])?;
    let row = Row::new(
        "memory with the book open, listed, searched, written",
        Value::Bytes(peak.saturating_mul(1024)),
    );
    table.add(row.target(Value::Bytes(150_000_000)));
    Ok(())
}

/// Full-text search, warm.
pub fn search(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.copy(place.size, "read")?;
    let journal = place.files(place.size)?.1.display().to_string();
    let mut all = Vec::new();
    for _ in 0..place.repeat {
        all.push(place.warm(&home, "read", &[])?.0);
    }
    for (name, word) in [("rare", RARE), ("frequent", FREQUENT), ("prefix", PREFIX)] {
        let found = all.first().and_then(|v| v.get(format!("{name}_found"))?.as_u64()).unwrap_or(0);
        let theirs = repeat(place.repeat, |_| {
            place.other("ledger", &["-f", &journal, "reg", "--head", "50", "payee", word])
        })?;
        let row = Row::new(format!("search, {name} word ({found} found), warm"), warm(&all, name));
        table.add(row.peer("ledger reg", Value::Time(theirs.time)).target(at_most(20)));
    }
    Ok(())
}

/// Pages of the list, and filling the read model again.
pub fn list(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.copy(place.size, "read")?;
    let mut all = Vec::new();
    for _ in 0..place.repeat {
        let mut value = place.warm(&home, "read", &[])?.0;
        let rebuilt = place.warm(&home, "rebuild", &[])?.0;
        if let (Some(value), Some(rebuilt)) = (value.as_object_mut(), rebuilt.as_object()) {
            value.extend(rebuilt.clone());
        }
        all.push(value);
    }
    for (name, what) in [
        ("list", "list 100 transactions, newest"),
        ("list_middle", "list 100 transactions from the middle"),
        ("list_end", "list 100 of the last 200 transactions"),
        ("report", "report, warm"),
        ("rebuild", "fill the read model again"),
    ] {
        table.add(Row::new(what, warm(&all, name)));
    }
    Ok(())
}

/// Checking signatures and standing of a whole book, beside loading it.
pub fn verify(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.book(place.size)?;
    let mut all = Vec::new();
    for _ in 0..place.repeat {
        all.push(place.warm(&home, "verify", &[])?.0);
    }
    let row = Row::new("check every signature and who signed, warm", warm(&all, "verify"));
    table.add(row.peer("loading every document from its objects", warm(&all, "load")));
    Ok(())
}
