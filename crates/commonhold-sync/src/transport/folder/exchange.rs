//! One exchange with a folder: take in what lies there, hand over what is missing there.

use super::{Error, Folder, MAX_NAMED, Report};
use crate::bundle::{self, Name};
use crate::engine::{self, Have, Listing};
use commonhold_core::id::{BookId, LogId};
use commonhold_core::store::{LogInfo, Outcome, Reader, Store};

/// Bytes of bundles taken in together, in one transaction.
const BATCH_BYTES: u64 = 8 << 20;

impl Folder {
    /// Takes in what lies here and hands over what is missing here, for one book. `progress`
    /// hears (bundles done, bundles in all) and may stop by answering false.
    pub fn exchange(
        &self,
        store: &mut Store,
        book: &BookId,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let (mut listing, ignored) = self.list(book)?;
        report.ignored = ignored;
        let all = engine::wanted(&have(store, book)?, &listing, u64::MAX);
        let total = u64::try_from(all.len()).unwrap_or(0);
        let mut done: u64 = 0;
        loop {
            if !progress(done.min(total), total) {
                return Err(Error::Stopped);
            }
            let batch = engine::wanted(&have(store, book)?, &listing, BATCH_BYTES);
            if batch.is_empty() {
                break;
            }
            done = done.saturating_add(u64::try_from(batch.len()).unwrap_or(0));
            for (log, name) in self.take_in(store, book, &batch, &mut report)? {
                listing.entry(log).or_default().remove(&name);
            }
        }
        self.check_own(store, book, &mut listing, &mut report)?;
        for (log, first, last) in engine::owed(&have(store, book)?, &listing) {
            self.hand_over(store, book, &log, first, last, &mut report)?;
        }
        Ok(report)
    }

    /// Reads bundles and gives them to the store together. Answers those that were not what
    /// their names claim; if none is, the store has everything they hold.
    fn take_in(
        &self,
        store: &mut Store,
        book: &BookId,
        batch: &[(LogId, Name)],
        report: &mut Report,
    ) -> Result<Vec<(LogId, Name)>, Error> {
        let (mut objects, mut counts) = (Vec::new(), Vec::new());
        for (log, name) in batch {
            let bytes = self.read(book, log, name);
            let found = bytes.ok().and_then(|bytes| bundle::unpack(&bytes)).unwrap_or_default();
            counts.push(found.len());
            objects.extend(found);
        }
        let received = store.receive(book, &objects)?;
        report.waiting = u64::try_from(received.waiting).unwrap_or(u64::MAX);
        report.own_log_continued |= received.own_log_continued;
        let mut outcomes = received.outcomes.into_iter();
        let mut unsound = Vec::new();
        for ((log, name), count) in batch.iter().zip(counts) {
            let expected = name.last.saturating_sub(name.first).saturating_add(1);
            let mut why = (u64::try_from(count) != Ok(expected))
                .then(|| "the file is damaged or cut short".to_owned());
            for outcome in outcomes.by_ref().take(count) {
                match outcome {
                    Outcome::Stored => report.received = report.received.saturating_add(1),
                    Outcome::Duplicate => {}
                    Outcome::Early => {
                        why.get_or_insert("it does not follow what is here".to_owned());
                    }
                    Outcome::Refused(reason) => {
                        why.get_or_insert(reason);
                    }
                }
            }
            if let Some(why) = why {
                report.refused.push((format!("{log}/{name}"), why));
                unsound.push((*log, *name));
            }
        }
        report.refused.truncate(MAX_NAMED);
        // A bundle of another log in this one's place brings nothing and must not be asked again.
        let now = have(store, book)?;
        let stuck =
            batch.iter().filter(|(log, name)| now.get(log).copied().unwrap_or(0) < name.last);
        unsound.extend(stuck);
        Ok(unsound)
    }

    /// Looks whether the newest bundle here of this installation's own log is what this profile
    /// wrote. If it is not, two copies of the profile wrote the same log.
    fn check_own(
        &self,
        store: &Reader,
        book: &BookId,
        listing: &mut Listing,
        report: &mut Report,
    ) -> Result<(), Error> {
        for info in store.logs(book)?.into_iter().filter(|info| info.own) {
            let names = listing.get(&info.id);
            let Some(name) = names.and_then(|names| names.last()).copied() else { continue };
            let theirs = self.read(book, &info.id, &name).ok().and_then(|b| bundle::unpack(&b));
            let count = u32::try_from(theirs.as_ref().map_or(0, Vec::len)).unwrap_or(0);
            let ours = store.objects(info.n, name.first.saturating_sub(1), count)?;
            let same = theirs
                .as_ref()
                .is_none_or(|theirs| theirs.iter().eq(ours.iter().map(|(_, bytes)| bytes)));
            if !same {
                let why = "this profile is a copy of another that wrote meanwhile: what was \
                           written here under the old name cannot be shared; keep this profile";
                report.refused.push((format!("{}/{name}", info.id), why.to_owned()));
                report.own_log_continued = true;
                // Nothing of a log that contradicts itself is handed over.
                let all = Name { first: 1, last: info.last, bytes: 0 };
                listing.entry(info.id).or_default().insert(all);
            }
        }
        Ok(())
    }

    fn hand_over(
        &self,
        store: &Reader,
        book: &BookId,
        log: &LogId,
        first: u64,
        last: u64,
        report: &mut Report,
    ) -> Result<(), Error> {
        let logs = store.logs(book)?;
        let Some(info) = logs.iter().find(|info| info.id == *log) else { return Ok(()) };
        let tag = logs.iter().find(|info| info.own).map_or(*log, |info| info.id);
        let mut next = first;
        while next <= last {
            let chunk = chunk(store, info, next, last)?;
            let count = u64::try_from(chunk.len()).unwrap_or(0);
            if count == 0 {
                break;
            }
            let bytes = bundle::pack(&chunk);
            let name = Name {
                first: next,
                last: next.saturating_add(count).saturating_sub(1),
                bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            };
            self.write(book, log, &name, &bytes, &tag)?;
            next = next.saturating_add(count);
            report.sent = report.sent.saturating_add(count);
        }
        Ok(())
    }
}

/// The next objects of a log that fit into one bundle.
fn chunk(store: &Reader, log: &LogInfo, next: u64, last: u64) -> Result<Vec<Vec<u8>>, Error> {
    let most = u32::try_from(bundle::MAX_OBJECTS).unwrap_or(u32::MAX);
    let (mut chunk, mut size) = (Vec::new(), 0_usize);
    for (seq, bytes) in store.objects(log.n, next.saturating_sub(1), most)? {
        if seq > last || (size > 0 && size.saturating_add(bytes.len()) > bundle::TARGET_BYTES) {
            break;
        }
        size = size.saturating_add(bytes.len());
        chunk.push(bytes);
    }
    Ok(chunk)
}

fn have(store: &Reader, book: &BookId) -> Result<Have, Error> {
    Ok(store.logs(book)?.into_iter().map(|log| (log.id, log.last)).collect())
}
