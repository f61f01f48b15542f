//! The store by itself: pages, and a disk that is full.

use super::*;
use crate::answer::Refusal;
use crate::clock::{Clock, system};
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::names::Question;
use crate::options::Limits;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

struct World {
    folder: tempfile::TempDir,
    runtime: Runtime,
    commands: mpsc::Sender<Command>,
    writer: std::thread::JoinHandle<()>,
    readers: Readers,
}

fn world(choose: impl FnOnce(&Connection)) -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let opened = open(&path).unwrap();
    choose(&opened.connection);
    let metrics = Arc::new(Metrics::default());
    let hub = Arc::new(Hub::new(Arc::clone(&metrics)));
    let clock: Clock = system();
    let writer = Writer::new(opened.connection, opened.name, Limits::DEFAULT, clock, hub, metrics);
    let writer = writer.unwrap();
    let (commands, waiting) = mpsc::channel(10_000);
    let writer = std::thread::spawn(move || writer.run(waiting));
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    World { folder, runtime, commands, writer, readers: Readers::new(path, true) }
}

impl World {
    /// Lays down files without waiting between them.
    fn put(&self, names: &[String], body: &[u8]) -> Vec<Result<Put, Refusal>> {
        let mut answers = Vec::new();
        for name in names {
            let (reply, answer) = oneshot::channel();
            let (name, body, mut mark) = (name.clone(), body.to_vec(), [0; 16]);
            mark[..8].copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..8]);
            mark[8..].copy_from_slice(&blake3::hash(&body).as_bytes()[..8]);
            let body = Came::Here(body);
            let put = Command::Put { topic: [1; 32], name, body, mark, reply };
            self.commands.blocking_send(put).unwrap();
            answers.push(answer);
        }
        answers.into_iter().map(|answer| answer.blocking_recv().unwrap()).collect()
    }

    fn changes(&self, after: u64) -> Changes {
        let question = Question { after, prefix: String::new() };
        self.runtime.block_on(self.readers.changes([1; 32], question)).unwrap()
    }

    fn end(self) {
        drop(self.commands);
        self.writer.join().unwrap();
        drop(self.folder);
    }
}

#[test]
fn a_long_listing_comes_in_pages() {
    let world = world(|_| {});
    let names: Vec<String> = (0..12_000).map(|n| format!("{n}")).collect();
    assert!(world.put(&names, b"x").iter().all(|put| *put == Ok(Put::New)));
    let (mut heard, mut after, mut pages) = (Vec::new(), 0, 0);
    loop {
        let page = world.changes(after);
        heard.extend(page.lines.iter().map(|line| line.name.clone()));
        (after, pages) = (page.cursor, pages + 1);
        if !page.more {
            break;
        }
    }
    assert_eq!((heard, pages), (names, 3));
    assert!(world.changes(after).lines.is_empty());
    world.end();
}

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    // SQLite holds itself to so many pages as if the disk had no more.
    let world = world(|connection| {
        connection.query_row("PRAGMA max_page_count = 200", [], |_| Ok(())).unwrap();
    });
    let name = |n: u32| [format!("{n}")];
    let mut kept = 0;
    loop {
        match world.put(&name(kept), &[7; 50_000]).pop().unwrap() {
            Ok(Put::New) => kept += 1,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::DISK);
                break;
            }
            other => panic!("{other:?}"),
        }
        assert!(kept < 100);
    }
    assert!(kept > 5);
    assert_eq!(u32::try_from(world.changes(0).lines.len()).unwrap(), kept);
    // It goes on where there is place.
    let (reply, answer) = oneshot::channel();
    let delete = Command::Delete { topic: [1; 32], name: "0".to_owned(), mark: [9; 16], reply };
    world.commands.blocking_send(delete).unwrap();
    assert_eq!(answer.blocking_recv().unwrap(), Ok(()));
    assert_eq!(world.put(&name(kept), &[8; 50_000]), [Ok(Put::New)]);
    world.end();
}
