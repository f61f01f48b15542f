//! Forgetting: topics nobody uses, and that files were taken away long ago. A part at a time, so
//! that nobody waits for it.

use super::write::{Batch, ROW, add_row, drop_row};
use super::{signed, unsigned};
use crate::clock::DAY;
use crate::options::Limits;
use rusqlite::{Connection, OptionalExtension, params};

/// Files in one part.
const PART: i64 = 1000;

/// Forgets a part; says whether there may be more.
pub fn part(
    connection: &Connection,
    limits: &Limits,
    now: u64,
    batch: &mut Batch,
) -> rusqlite::Result<bool> {
    let before = |days: u64| signed(now.saturating_sub(days.saturating_mul(DAY)));
    if forget_removed(connection, before(limits.remember_removed_days), batch)? {
        return Ok(true);
    }
    forget_topic(connection, before(limits.forget_after_days), batch)
}

fn forget_removed(
    connection: &Connection,
    before: i64,
    batch: &mut Batch,
) -> rusqlite::Result<bool> {
    let ask = "SELECT n, topic FROM object WHERE bytes IS NULL AND at < ?1 ORDER BY at LIMIT ?2";
    let mut statement = connection.prepare_cached(ask)?;
    let rows = statement.query_map([before, PART], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    for (n, topic) in &rows {
        connection.prepare_cached("DELETE FROM object WHERE n = ?1")?.execute([n])?;
        let ask = "UPDATE topic SET forgotten = max(forgotten, ?2), bytes = bytes - ?3
            WHERE id = ?1";
        connection.prepare_cached(ask)?.execute([*topic, *n, signed(ROW)])?;
        batch.totals.bytes = batch.totals.bytes.saturating_sub(ROW);
    }
    Ok(!rows.is_empty())
}

fn forget_topic(connection: &Connection, before: i64, batch: &mut Batch) -> rusqlite::Result<bool> {
    let ask = "SELECT id FROM topic WHERE used < ?1 ORDER BY used LIMIT 1";
    let topic: Option<i64> =
        connection.prepare_cached(ask)?.query_row([before], |row| row.get(0)).optional()?;
    let Some(topic) = topic else { return Ok(false) };
    let ask = "SELECT n, bytes FROM object WHERE topic = ?1 LIMIT ?2";
    let mut statement = connection.prepare_cached(ask)?;
    let rows = statement.query_map([topic, PART], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<(i64, Option<i64>)>>>()?;
    if rows.is_empty() {
        connection.prepare_cached("DELETE FROM topic WHERE id = ?1")?.execute([topic])?;
        batch.totals.topics = batch.totals.topics.saturating_sub(1);
        return Ok(true);
    }
    let (mut files, mut bytes) = (0_u64, 0_u64);
    for (n, length) in rows {
        drop_row(connection, n)?;
        bytes = bytes.saturating_add(ROW).saturating_add(length.map_or(0, unsigned));
        files = files.saturating_add(u64::from(length.is_some()));
    }
    // Should somebody come back meanwhile, their cursor is of no use: it is below a new number.
    let n = add_row(connection, 0, "", None, 0)?;
    drop_row(connection, n)?;
    let ask = "UPDATE topic SET files = files - ?2, bytes = bytes - ?3, forgotten = ?4
        WHERE id = ?1";
    let values = params![topic, signed(files), signed(bytes), n];
    connection.prepare_cached(ask)?.execute(values)?;
    batch.totals.files = batch.totals.files.saturating_sub(files);
    batch.totals.bytes = batch.totals.bytes.saturating_sub(bytes);
    Ok(true)
}
