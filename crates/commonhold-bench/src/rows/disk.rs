//! Bytes on disk, and the archive.

use crate::Failed;
use crate::measure::repeat;
use crate::place::Place;
use crate::table::{Row, Table, Value};
use rusqlite::Connection;

/// Disk for each ten thousand transactions, after everything moved from the log to the file.
pub fn disk(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.copy(place.size, "disk")?;
    let file = home.join("book.sqlite");
    let db = Connection::open(&file)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let share = |bytes: u64| {
        let bytes = bytes.saturating_mul(10_000);
        bytes.checked_div(u64::try_from(place.size).unwrap_or(1)).unwrap_or(0)
    };
    let whole = std::fs::metadata(&file)?.len();
    let row = Row::new("disk per 10,000 transactions", Value::Bytes(share(whole)));
    table.add(row.target(Value::Bytes(4_000_000)));
    let mut statement = db.prepare(
        "SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = 0 GROUP BY name
         HAVING sum(pgsize) > 100000 ORDER BY 2 DESC",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, bytes): (String, i64) = (row.get(0)?, row.get(1)?);
        let bytes = u64::try_from(bytes).unwrap_or(0);
        table.add(Row::new(format!("of that: {name}"), Value::Bytes(share(bytes))));
    }
    Ok(())
}

/// Writing and judging the archive.
pub fn archive(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let home = place.book(place.size)?;
    let path = place.at("book.zip").display().to_string();
    let export = repeat(place.repeat, |_| place.commonhold(&home, &["export", &path]))?;
    table.add(Row::of("write the archive", export));
    let verify = repeat(place.repeat, |_| place.commonhold(&home, &["verify", &path]))?;
    table.add(Row::of("verify the archive", verify));
    let restore = repeat(place.repeat, |n| {
        place.commonhold(&place.at(&format!("restored-{n}")), &["restore", &path])
    })?;
    table.add(Row::of("begin again from the archive", restore));
    table.add(Row::new("size of the archive", Value::Bytes(std::fs::metadata(&path)?.len())));
    Ok(())
}
