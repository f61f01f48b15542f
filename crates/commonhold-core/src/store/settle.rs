//! Taking in what waits: every stored object that fits goes into its document, and what came
//! with it into the read model.

use super::again::Former;
use super::branches::Choice;
use super::judge::{Anew, Permit, Vouched};
use super::receive::Received;
use super::trust::Writers;
use super::waiting::Pending;
use super::{Cache, Error, Reader};
use crate::authority::Authority;
use crate::document::{Document, Key, Named, Offer, Refusal};
use crate::id::BookId;
use crate::object::Object;
use crate::projection::{Prepared, Projector};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const OTHER_BRANCH: &str = "its device said two different things at this place of its log, and \
                            the other one counts in this document";

/// Taking in what waits, document by document.
pub(super) struct Settling<'a> {
    reader: &'a Reader,
    cache: &'a mut Cache,
    book: (i64, &'a BookId),
    authority: Arc<Authority>,
    writers: Writers<'a>,
    projector: Projector<'a>,
    /// Documents taken from the cache, with whether anything got into them.
    changed: Vec<(i64, Document, bool)>,
    /// What documents held that were begun anew.
    before: BTreeMap<i64, BTreeSet<Key>>,
    /// What may lie in documents of logs that were forked.
    choices: BTreeMap<i64, Choice>,
    /// Whether all of these must be chosen anew.
    anew: bool,
    /// What documents held in which another branch counts now.
    former: Vec<Former>,
}

impl<'a> Settling<'a> {
    pub(super) fn new(
        reader: &'a Reader,
        cache: &'a mut Cache,
        book: (i64, &'a BookId),
    ) -> Result<Self, Error> {
        Ok(Self {
            reader,
            cache,
            book,
            authority: reader.authority_of(book.0, book.1)?,
            writers: reader.writers(book.0)?,
            projector: Projector::new(reader.db(), book.0),
            changed: Vec::new(),
            before: BTreeMap::new(),
            choices: BTreeMap::new(),
            anew: false,
            former: Vec::new(),
        })
    }

    /// Begins documents anew that hold what may not be there, and judges entries anew.
    pub(super) fn judge_anew(&mut self, received: &mut Received) -> Result<(), Error> {
        self.anew = true;
        let Anew { reset, entries } =
            self.reader.judge_anew(self.book.0, &Arc::clone(&self.authority))?;
        for n in &reset {
            self.reset(*n)?;
        }
        for (n, keys) in entries.iter().filter(|(n, _)| !reset.contains(n)) {
            self.put_again(*n, keys, received)?;
        }
        Ok(())
    }

    /// Shows records of a document as it holds them now.
    fn put_again(
        &mut self,
        n: i64,
        keys: &BTreeSet<Key>,
        received: &mut Received,
    ) -> Result<(), Error> {
        let (document, progress) = match self.take(n) {
            Err(Error::Locked(_)) => return Ok(()),
            other => other?,
        };
        self.put(n, &document, keys, received)?;
        self.changed.push((n, document, progress));
        Ok(())
    }

    fn take(&mut self, n: i64) -> Result<(Document, bool), Error> {
        if let Some(place) = self.changed.iter().position(|(other, ..)| *other == n) {
            let (_, document, earlier) = self.changed.swap_remove(place);
            return Ok((document, earlier));
        }
        let name = self.reader.document_name(n)?;
        Ok((self.cache.take(self.reader, self.book.1, n, &name)?, false))
    }

    /// Empties a document; everything that may be in it is taken in again.
    pub(super) fn reset(&mut self, n: i64) -> Result<(), Error> {
        // Where logs were forked, another branch may count in it afterwards.
        let all = self.reader.documents_with_branches(self.book.0, true)?;
        let own = if all.contains(&n) { self.reader.own_in(n)? } else { Vec::new() };
        let (document, _) = self.take(n)?;
        self.begin_anew(n, &document)?;
        if !own.is_empty() {
            self.former.push(Former { n, document, own });
        }
        Ok(())
    }

    /// The same with the document as it was.
    pub(super) fn begin_anew(&mut self, n: i64, old: &Document) -> Result<(), Error> {
        self.changed.retain(|(other, ..)| *other != n);
        let db = self.reader.db();
        db.execute(
            "UPDATE object SET state = 1, applied = 0, released = 0
             WHERE document = ?1 AND kind = 1 AND state IN (0, 3, 4)",
            [n],
        )?;
        db.execute("DELETE FROM snapshot WHERE document = ?1", [n])?;
        self.before.entry(n).or_default().extend(old.keys());
        self.changed.push((n, Document::new(self.book.1, old.name())?, true));
        Ok(())
    }

    /// Tries everything that waits until nothing more fits.
    pub(super) fn run(&mut self, received: &mut Received) -> Result<(), Error> {
        for n in self.reader.documents_with_branches(self.book.0, self.anew)? {
            self.choose(n)?;
        }
        loop {
            let mut progress = false;
            for n in self.reader.unsettled(self.book.0)? {
                progress |= self.settle(n, received)?;
            }
            if !progress {
                return Ok(());
            }
        }
    }

    /// Chooses what of the branches of logs may lie in a document, and begins it anew where it
    /// holds something else.
    fn choose(&mut self, n: i64) -> Result<(), Error> {
        let choice = self.reader.choose(self.book, n, &self.authority)?;
        self.reader.db().execute(
            "UPDATE object SET state = 1 WHERE document = ?1 AND kind = 1 AND state IN (2, 3)
             AND reason <> 'erased' AND log IN (SELECT n FROM log WHERE trunk IS NOT NULL)",
            [n],
        )?;
        if choice.broken {
            let own = self.reader.own_in(n)?;
            match self.take(n) {
                Err(Error::Locked(_)) => {}
                Err(other) => return Err(other),
                Ok((document, _)) => {
                    self.begin_anew(n, &document)?;
                    self.former.push(Former { n, document, own });
                }
            }
        }
        self.choices.insert(n, choice);
        Ok(())
    }

    /// Ends it: states are decided, snapshots saved. Answers the documents to be kept once all is
    /// committed.
    pub(super) fn finish(mut self, received: &mut Received) -> Result<Vec<(i64, Document)>, Error> {
        for (n, keys) in std::mem::take(&mut self.before) {
            let (document, progress) = self.take(n)?;
            for key in keys.iter().filter(|key| document.read(key).is_none()) {
                self.projector.take_out(n, key)?;
                received.touched.insert(key.clone());
            }
            self.changed.push((n, document, progress));
        }
        self.put_bereaved(received)?;
        self.projector.finish()?;
        for former in &self.former {
            let now = self.changed.iter().find(|(other, ..)| *other == former.n);
            if let Some((_, document, _)) = now {
                received.say_again |= self.reader.keep_own(self.book.1, former, document)?;
            }
        }
        for (n, document, progress) in &self.changed {
            if *progress && self.reader.is_stale(*n)? {
                self.reader.snapshot(*n, document)?;
            }
        }
        received.waiting =
            usize::try_from(self.reader.count_waiting(self.book.0)?).unwrap_or(usize::MAX);
        Ok(self.changed.into_iter().map(|(n, document, _)| (n, document)).collect())
    }

    /// Shows records from another document where the one that held them does so no more.
    fn put_bereaved(&mut self, received: &mut Received) -> Result<(), Error> {
        loop {
            let bereaved = self.projector.bereaved()?;
            if bereaved.is_empty() {
                return Ok(());
            }
            for (n, key) in bereaved {
                self.put_again(n, &BTreeSet::from([key]), received)?;
            }
        }
    }

    /// Tries the waiting objects of one document, a page at a time; says whether any got in.
    fn settle(&mut self, n: i64, received: &mut Received) -> Result<bool, Error> {
        let (mut document, earlier) = match self.take(n) {
            Err(Error::Locked(_)) => return Ok(false),
            other => other?,
        };
        let (mut progress, mut after) = (false, 0);
        loop {
            let pending = self.reader.pending(n, after)?;
            let Some(last) = pending.last() else { break };
            after = last.n;
            progress |= self.settle_page(n, &mut document, pending, received)?;
        }
        if !progress {
            progress = self.vouch(n, &document)?;
        }
        self.changed.push((n, document, earlier || progress));
        Ok(progress)
    }

    fn settle_page(
        &mut self,
        n: i64,
        document: &mut Document,
        pending: Vec<Pending>,
        received: &mut Received,
    ) -> Result<bool, Error> {
        let (mut numbers, mut offers) = (Vec::new(), Vec::new());
        for object in pending {
            let number = object.n;
            if let Some(offer) = self.offer((n, document.name()), object)? {
                numbers.push(number);
                offers.push(offer);
            }
        }
        if offers.is_empty() {
            return Ok(false);
        }
        let admission = document.admit(&offers);
        drop(offers);
        let mut applied = Vec::new();
        for (object, outcome) in numbers.into_iter().zip(admission.outcomes) {
            match outcome {
                Ok(()) => applied.push(object),
                Err(refusal) => self.reader.mark(object, &refusal)?,
            }
        }
        let progress = !applied.is_empty();
        if progress {
            self.reader.mark_all_applied(&applied)?;
        }
        *document = admission.document;
        self.put(n, document, &admission.touched, received)?;
        Ok(progress)
    }

    fn put(
        &mut self,
        n: i64,
        document: &Document,
        keys: &BTreeSet<Key>,
        received: &mut Received,
    ) -> Result<(), Error> {
        let Self { writers, projector, .. } = self;
        document.read_each(keys, |key, raw| match raw {
            Some(raw) => projector.put(n, &Prepared::new(key.clone(), raw, writers)),
            None => projector.take_out(n, key),
        })?;
        received.touched.extend(keys.iter().cloned());
        Ok(())
    }

    /// Makes an offer of an object, or notes why it cannot be one.
    fn offer(
        &self,
        (n, document): (i64, &str),
        pending: Pending,
    ) -> Result<Option<Offer<'static>>, Error> {
        let object = match self.reader.unsealed(self.book.1, Object::reopen(&pending.bytes)?) {
            Ok(object) => object,
            Err(Error::Locked(_)) => {
                self.reader.mark_locked(pending.n)?;
                return Ok(None);
            }
            Err(Error::Object(error)) => {
                self.reader.mark(pending.n, &Refusal::Broken(error.to_string()))?;
                return Ok(None);
            }
            Err(other) => return Err(other),
        };
        self.reader.note_changes(pending.n, &object.parts)?;
        let permit = match self.permit(n, &pending) {
            Ok(permit) => permit,
            Err(refusal) => {
                self.reader.mark(pending.n, &refusal)?;
                return Ok(None);
            }
        };
        let document = document.to_owned();
        Ok(Some(Offer {
            log: object.log(),
            device: object.device,
            parts: object.parts,
            heads: object.heads,
            may: Box::new(move |named: &Named| permit.allows(&document, named)),
        }))
    }

    fn permit(&self, n: i64, pending: &Pending) -> Result<Permit, Refusal> {
        let choice = self.choices.get(&n).filter(|_| pending.branch.is_some());
        let built_on = match choice {
            Some(choice) => choice.built_on.contains(&pending.n),
            None => pending.released,
        };
        let vouched = Vouched::of(&self.authority, &pending.hash, built_on);
        let permit = Permit::of(pending.written.stance(&self.authority), vouched)?;
        match (choice, pending.branch) {
            (Some(choice), Some(branch)) if !choice.branches.contains(&branch) => {
                Err(Refusal::Held(OTHER_BRANCH.into()))
            }
            _ => Ok(permit),
        }
    }

    /// Lets in what is held back where somebody who belongs has built on it.
    fn vouch(&mut self, n: i64, document: &Document) -> Result<bool, Error> {
        let mut released = false;
        for pending in self.reader.pending(n, 0)? {
            if !self.permit(n, &pending).is_ok_and(|permit| permit.vouches()) {
                continue;
            }
            let object = self.reader.unsealed(self.book.1, Object::reopen(&pending.bytes)?)?;
            for change in document.missing(&object.parts) {
                let let_in = self
                    .reader
                    .db()
                    .prepare_cached(
                        "UPDATE object SET released = 1, state = 1 WHERE document = ?2 AND state = 3
                         AND released = 0 AND n = (SELECT object FROM change WHERE hash = ?1)
                         AND log IN (SELECT n FROM log WHERE trunk IS NULL)",
                    )?
                    .execute(params![change.0.as_slice(), n])?;
                released |= let_in > 0;
            }
        }
        Ok(released)
    }
}
