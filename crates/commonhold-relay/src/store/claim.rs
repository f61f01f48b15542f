//! Which store and which bucket belong together, and making a lost index anew from its bucket.
//! In the bucket a file says whose index it follows; without that, an index that is lost, old or
//! another relay's would take files away that others were promised.

use super::bodies::{self, FOLDER};
use super::write::{ROW, add_row, open_topic};
use super::{new_name, setting, signed};
use crate::names::{Topic, hex32};
use commonhold_bucket::{Bucket, Error, Item, Trouble};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// The file in the bucket that names the store its files are listed in.
const OWNER: &str = "commonhold-relay/store";
/// The longest that is read of it, in bytes.
const LONGEST: u64 = 64;

/// Makes sure that a store and a bucket, or the lack of one, belong together, and says the store's
/// name, which is another one after `rebuild`. Errors are sentences for the operator.
pub async fn claim(
    connection: &mut Connection,
    name: String,
    bucket: Option<&Bucket>,
    rebuild: bool,
    now: u64,
) -> Result<String, String> {
    let fail = |error: rusqlite::Error| format!("the store cannot be read: {error}");
    let known = setting(connection, "bucket").map_err(fail)?;
    let Some(bucket) = bucket else {
        return match known {
            None => Ok(name),
            Some(place) => {
                Err(format!("this store is the index of files in {place}; say where with --bucket"))
            }
        };
    };
    if holds_bodies(connection).map_err(fail)? {
        return Err("this store holds files itself; choose another with --store, to be the index \
                    of a bucket"
            .to_owned());
    }
    if rebuild {
        let name = self::rebuild(connection, bucket, now).await?;
        own(bucket, &name).await?;
        return Ok(name);
    }
    match known {
        Some(place) if place != bucket.place() => Err(format!(
            "this store is the index of files in {place}, not in {}; after a move start once with \
             --rebuild",
            bucket.place()
        )),
        Some(_) => check(bucket, &name).await.map(|()| name),
        None => {
            if !empty(bucket).await.map_err(said)? {
                return Err(format!(
                    "in {} lie files of a relay that this store does not know; start once with \
                     --rebuild to make its index from them",
                    bucket.place()
                ));
            }
            own(bucket, &name).await?;
            let ask = "INSERT INTO setting VALUES ('bucket', ?1)";
            connection.execute(ask, [bucket.place()]).map_err(fail)?;
            Ok(name)
        }
    }
}

fn said(error: Error) -> String {
    error.to_string()
}

fn holds_bodies(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM body)", [], |row| row.get(0))
}

/// Writes into the bucket whose files these are, and looks whether that can be read again.
async fn own(bucket: &Bucket, name: &str) -> Result<(), String> {
    bucket.put(OWNER, name.as_bytes()).await.map_err(said)?;
    check(bucket, name).await
}

async fn check(bucket: &Bucket, name: &str) -> Result<(), String> {
    match bucket.get(OWNER, LONGEST).await {
        Ok(Some(owner)) if owner == name.as_bytes() => Ok(()),
        Ok(Some(_)) => Err(format!(
            "the files in {} are listed in another relay's store; if that relay is gone, start \
             once with --rebuild",
            bucket.place()
        )),
        Ok(None) => Err(format!(
            "in {} there is no word of this relay; if the files are there, start once with \
             --rebuild",
            bucket.place()
        )),
        // Who lists and watches need not wait for it.
        Err(error) if error.trouble == Trouble::Away => {
            crate::serve::log(&format!("warning: {error}"));
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

async fn empty(bucket: &Bucket) -> Result<bool, Error> {
    let owner = bucket.get(OWNER, LONGEST).await?;
    Ok(owner.is_none() && bucket.folders(FOLDER).await?.is_empty())
}

/// Lists all files in the bucket anew. The numbers of changes begin to mean something else, so the
/// store gets another name. Of two files of one name the one laid down later counts.
async fn rebuild(connection: &mut Connection, bucket: &Bucket, now: u64) -> Result<String, String> {
    let fail = |error: rusqlite::Error| format!("the store does not take the list: {error}");
    let topics = bucket.folders(FOLDER).await.map_err(said)?;
    let all = connection.transaction().map_err(fail)?;
    let clear = "DELETE FROM topic; DELETE FROM object; DELETE FROM away; DELETE FROM waste;";
    all.execute_batch(clear).map_err(fail)?;
    let (mut last, mut waste, mut files) = (0, Vec::new(), 0_usize);
    for folder in topics {
        let Some(topic) = hex32(&folder) else { continue };
        let folder = format!("{FOLDER}{folder}/");
        let items = bucket.list(&folder, "").await.map_err(said)?;
        let found = newest(&folder, &items, &mut last, &mut waste);
        files = files.saturating_add(found.len());
        list(&all, &topic, found, now).map_err(fail)?;
    }
    // Numbers of uploads are never used twice, in one bucket.
    let begin = "DELETE FROM sqlite_sequence WHERE name = 'waste'";
    all.execute(begin, []).map_err(fail)?;
    let begin = "INSERT INTO sqlite_sequence (name, seq) VALUES ('waste', ?1)";
    all.execute(begin, [last]).map_err(fail)?;
    for key in waste {
        let ask = "INSERT INTO waste (key, ready) VALUES (?1, 1)";
        all.execute(ask, [key]).map_err(fail)?;
    }
    let name = new_name(&all).map_err(fail)?;
    let ask = "INSERT OR REPLACE INTO setting VALUES ('bucket', ?1)";
    all.execute(ask, [bucket.place()]).map_err(fail)?;
    all.commit().map_err(fail)?;
    crate::serve::log(&format!("made the index anew: {files} files in {}", bucket.place()));
    Ok(name)
}

/// A file in the bucket: the number of its upload, its whole name there, its length.
type Found = (i64, String, u64);

/// The newest file of each name, in the order they were laid down; the others are waste.
fn newest(
    folder: &str,
    items: &[Item],
    last: &mut i64,
    waste: &mut Vec<String>,
) -> Vec<(String, Found)> {
    let mut names: BTreeMap<String, Found> = BTreeMap::new();
    for item in items {
        let Some((name, id)) = bodies::parts(&item.name) else { continue };
        *last = id.max(*last);
        let found = (id, format!("{folder}{}", item.name), item.bytes);
        match names.get_mut(name) {
            Some(before) if before.0 >= id => waste.push(found.1),
            Some(before) => waste.push(std::mem::replace(before, found).1),
            None => drop(names.insert(name.to_owned(), found)),
        }
    }
    let mut found: Vec<(String, Found)> = names.into_iter().collect();
    found.sort_by_key(|(_, (id, ..))| *id);
    found
}

fn list(
    connection: &Connection,
    topic: &Topic,
    found: Vec<(String, Found)>,
    now: u64,
) -> rusqlite::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let id = open_topic(connection, topic, now)?;
    let (mut files, mut bytes) = (0_u64, 0_u64);
    for (name, (_, key, length)) in found {
        let n = add_row(connection, id, &name, Some(length), now)?;
        bodies::place(connection, n, &key)?;
        files = files.saturating_add(1);
        bytes = bytes.saturating_add(length).saturating_add(ROW);
    }
    let ask = "UPDATE topic SET files = ?2, bytes = ?3 WHERE id = ?1";
    connection.execute(ask, params![id, signed(files), signed(bytes)]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_files_of_one_name_the_later_counts() {
        let item = |name: &str, id: &str| Item {
            name: format!("{name}.{id:0>16}-0123456789abcdef"),
            bytes: 5,
        };
        let items = [
            item("b", "2"),
            item("a", "a"),
            item("a", "3"),
            item("a", "4"),
            Item { name: "what".to_owned(), bytes: 1 },
        ];
        let (mut last, mut waste) = (1, Vec::new());
        let found = newest("x/", &items, &mut last, &mut waste);
        let names: Vec<_> = found.iter().map(|(name, (id, ..))| (name.as_str(), *id)).collect();
        assert_eq!((names, last), (vec![("b", 2), ("a", 10)], 10));
        waste.sort();
        assert_eq!(waste.len(), 2);
        assert!(waste[0].starts_with("x/a.0000000000000003-"), "{waste:?}");
    }
}
