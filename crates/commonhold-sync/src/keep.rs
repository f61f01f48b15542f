//! The store of this device, lent for a moment at a time: nobody who wants to write waits for a
//! connection.

use crate::exchange::Error;
use commonhold_core::store::{self, Store};

/// Work done with the store while it is lent.
pub type Work<'a> = &'a mut dyn FnMut(&mut Store) -> Result<(), store::Error>;

/// Who has the store and lends it.
pub trait Keep {
    /// Lends the store for one piece of work; others may write before and after.
    fn lend(&mut self, work: Work<'_>) -> Result<(), Error>;
}

impl Keep for Store {
    fn lend(&mut self, work: Work<'_>) -> Result<(), Error> {
        Ok(work(self)?)
    }
}

/// Borrows the store for work that answers something.
pub(crate) fn lent<R>(
    keep: &mut dyn Keep,
    work: impl FnOnce(&mut Store) -> Result<R, store::Error>,
) -> Result<R, Error> {
    let (mut work, mut answer) = (Some(work), None);
    keep.lend(&mut |store| {
        if let Some(work) = work.take() {
            answer = Some(work(store)?);
        }
        Ok(())
    })?;
    answer.ok_or(Error::Stopped)
}
