//! Attachments, after the records and apart from them: whatever goes wrong here is told in the
//! report, and the exchange of records stays done.

use super::{Error, Exchange};
use crate::attachments::{self, PartId, Work};
use crate::keep::lent;
use crate::shelf::Trouble;
use commonhold_core::attachment::{PART_BYTES, Part, parts};
use commonhold_core::id::Sha256;
use commonhold_core::keys::Secret;
use commonhold_core::store::{self, Attachment, Taken};

/// A part as it lies on a shelf.
struct Found {
    id: PartId,
    name: String,
    secret: Secret,
    sealed: bool,
}

impl Exchange<'_> {
    /// Takes in the attachments that are wanted, and hands over those that are missing here.
    pub(super) fn exchange_attachments(&mut self) -> Result<(), Error> {
        if self.options.fetching.round == 0 {
            return Ok(());
        }
        let work = lent(self.keep, |store| Work::of(store, self.book, self.options.now))?;
        let done = self.take_attachments(&work).and_then(|()| self.hand_attachments(&work));
        match done {
            Err(Error::Shelf(error)) if error.trouble != Trouble::Stopped => {
                self.report.refuse("files/".to_owned(), error.reason);
                Ok(())
            }
            other => other,
        }
    }

    fn take_attachments(&mut self, work: &Work) -> Result<(), Error> {
        let (mut left, mut total) = (self.options.fetching.round, work.total);
        for (sha256, known) in &work.wanted {
            let asked = known.as_ref().is_some_and(|known| known.asked);
            if asked || self.is_welcome(work, sha256, known.as_ref(), total) {
                let size = self.take_attachment(work, (sha256, known.as_ref()), &mut left)?;
                total = total.saturating_add(size);
            }
        }
        Ok(())
    }

    /// Whether an attachment nobody asked for is small enough to be taken in.
    fn is_welcome(
        &self,
        work: &Work,
        sha256: &Sha256,
        known: Option<&Attachment>,
        total: u64,
    ) -> bool {
        let fetching = self.options.fetching;
        if fetching.up_to == 0 || total >= fetching.total {
            return false;
        }
        if let Some(size) = known.and_then(|known| known.size) {
            return size <= fetching.up_to;
        }
        // A part beyond what is welcome tells that it is too large, without being read.
        let beyond = fetching.up_to.div_ceil(u64::try_from(PART_BYTES).unwrap_or(u64::MAX).max(1));
        let beyond = u32::try_from(beyond).unwrap_or(u32::MAX);
        self.find_part(work, sha256, beyond, true).is_none()
    }

    /// A part as it lies here under any key this device has. One that was found damaged is left
    /// alone until it was laid down anew, unless a person asked for it.
    fn find_part(&self, work: &Work, sha256: &Sha256, part: u32, asked: bool) -> Option<Found> {
        for sealed in [true, false] {
            for secret in &work.keys(sealed).all {
                let id = attachments::part_id(secret, self.book, sha256, part);
                if !asked && self.listed.marks.contains(&id) {
                    continue;
                }
                for (id, bytes) in self.listed.files.range((id, 0)..=(id, u64::MAX)) {
                    let name = attachments::file_name(id, *bytes);
                    if !self.visit.spoiled.contains(&name) {
                        return Some(Found { id: *id, name, secret: secret.clone(), sealed });
                    }
                }
            }
        }
        None
    }

    /// Takes in what is missing of an attachment; answers its size when it is here whole then.
    fn take_attachment(
        &mut self,
        work: &Work,
        (sha256, known): (&Sha256, Option<&Attachment>),
        left: &mut u64,
    ) -> Result<u64, Error> {
        let asked = known.is_some_and(|known| known.asked);
        let here = lent(self.keep, |store| store.attachment_parts(self.book, sha256))?;
        let mut count = known.and_then(|known| parts(known.size?)).unwrap_or(1);
        let (mut number, mut read) = (0, Vec::new());
        while number < count {
            if here.contains(&number) {
                number = number.saturating_add(1);
                continue;
            }
            let Some(found) = self.find_part(work, sha256, number, asked) else { return Ok(0) };
            let most = attachments::sealed_length(PART_BYTES);
            if *left < most {
                self.report.attachments_left = self.report.attachments_left.saturating_add(1);
                return Ok(0);
            }
            let Some(bytes) = self.shelf.get(&found.name, most)? else { return Ok(0) };
            *left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            let part = attachments::open(&found.secret, self.book, sha256, number, &bytes);
            let Some(part) = part else {
                self.spoil(&[found], "the file is damaged or cut short")?;
                return Ok(0);
            };
            let (size, sealed) = (part.size, found.sealed);
            read.push(found);
            match self.keep_part(sha256, &part, sealed)? {
                Taken::Whole => {
                    self.report.attachments_received =
                        self.report.attachments_received.saturating_add(1);
                    return Ok(size);
                }
                Taken::Wrong => {
                    let why = format!("together they are not the file {sha256} a record names");
                    self.spoil(&read, &why)?;
                    return Ok(0);
                }
                Taken::More => {}
            }
            if !asked && size > self.options.fetching.up_to {
                return Ok(0);
            }
            count = parts(size).unwrap_or(0);
            number = number.saturating_add(1);
        }
        Ok(0)
    }

    fn keep_part(&mut self, sha256: &Sha256, part: &Part, sealed: bool) -> Result<Taken, Error> {
        let (book, now) = (self.book, self.options.now);
        let taken =
            lent(self.keep, |store| store.take_attachment_part(book, sha256, part, sealed, now))?;
        let done = self.report.attachments_received;
        if (self.on)(done, done.saturating_add(1)) { Ok(taken) } else { Err(Error::Stopped) }
    }

    /// Names parts that are of no use, does not read them again, and says so beside them: whoever
    /// has the file lays them down anew.
    fn spoil(&mut self, found: &[Found], why: &str) -> Result<(), Error> {
        for Found { id, name, .. } in found {
            self.report.refuse(name.clone(), why.to_owned());
            if self.visit.spoiled.len() < super::MAX_KNOWN {
                self.visit.spoiled.insert(name.clone());
            }
            let belongs = self.report.sealed;
            if belongs && self.shelf.takes() && self.listed.marks.insert(*id) {
                self.shelf.put(&attachments::mark_name(id), b"")?;
            }
        }
        Ok(())
    }

    fn hand_attachments(&mut self, work: &Work) -> Result<(), Error> {
        if !self.shelf.takes() || !self.report.sealed {
            return Ok(());
        }
        let mut left = self.options.fetching.round;
        for (sha256, size, sealed) in &work.here {
            if !self.hand_attachment(work, (sha256, *size, *sealed), &mut left)? {
                self.report.attachments_left = self.report.attachments_left.saturating_add(1);
                break;
            }
        }
        Ok(())
    }

    /// Hands over what is missing here of an attachment; false when the round is over.
    fn hand_attachment(
        &mut self,
        work: &Work,
        (sha256, size, sealed): (&Sha256, u64, bool),
        left: &mut u64,
    ) -> Result<bool, Error> {
        let keys = work.keys(sealed);
        let Some(current) = &keys.current else { return Ok(true) };
        let (mut sound, mut laid) = (false, false);
        for number in 0..parts(size).unwrap_or(0) {
            let ids = keys.all.iter().map(|k| attachments::part_id(k, self.book, sha256, number));
            let ids: Vec<PartId> = ids.collect();
            let lies = |id: &PartId| self.listed.files.range((*id, 0)..=(*id, u64::MAX)).next();
            let there = ids.iter().any(|id| lies(id).is_some());
            let marked: Vec<PartId> =
                ids.into_iter().filter(|id| self.listed.marks.contains(id)).collect();
            if there && marked.is_empty() {
                continue;
            }
            sound = sound || self.is_sound(sha256)?;
            if !sound {
                return Ok(true);
            }
            let part = lent(self.keep, |store| store.attachment_part(self.book, sha256, number))?;
            let sealed = part.and_then(|part| attachments::seal(current, self.book, sha256, &part));
            let Some(bytes) = sealed else { return Ok(true) };
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if *left < length {
                return Ok(false);
            }
            let id = attachments::part_id(current, self.book, sha256, number);
            self.shelf.put(&attachments::file_name(&id, length), &bytes)?;
            self.listed.files.insert((id, length));
            for id in marked {
                self.shelf.remove(&attachments::mark_name(&id))?;
                self.listed.marks.remove(&id);
            }
            *left = left.saturating_sub(length);
            laid = true;
            let done = self.report.attachments_sent;
            if !(self.on)(done, done.saturating_add(1)) {
                return Err(Error::Stopped);
            }
        }
        self.report.attachments_sent = self.report.attachments_sent.saturating_add(u64::from(laid));
        Ok(true)
    }

    /// Whether the bytes of an attachment are still what they were.
    fn is_sound(&mut self, sha256: &Sha256) -> Result<bool, Error> {
        match lent(self.keep, |store| store.attachment_bytes(self.book, sha256)) {
            Err(Error::Store(error @ store::Error::Damaged(_))) => {
                self.report.refuse(sha256.to_string(), error.to_string());
                Ok(false)
            }
            other => Ok(other?.is_some()),
        }
    }
}
