//! Payments: what is to be paid, who approves it, files for the bank, what became of them.
//!
//! Nothing here moves money. A payment file is written and a person takes it to the bank; what the
//! bank's statement shows is matched by the id that travelled with the payment.

mod approve;
mod batch;
mod channels;
mod gather;
mod lease;
mod liability;
mod matching;
mod orders;
mod outcome;
mod prepare;
mod run;
mod types;
mod view;

pub use approve::{approve_as_seen, expense_approve};
pub use batch::{batch_preview, batch_withdraw, batch_write};
pub use channels::{
    Bank, Command, Handed, OpenCollective, PayLine, PayOrder, PayOut, Ready, pay_command,
    pay_command_set,
};
pub use lease::{lease_end, lease_take};
pub use liability::post_liabilities;
pub use matching::match_payments;
pub use orders::*;
pub use outcome::outcome_add;
pub use prepare::payments_prepare;
pub use run::{RunOptions, payment_run};
pub use types::*;
pub use view::{my_payments, payments};

use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{BookId, Device};
use commonhold_core::json::{self, Fields};
use commonhold_core::reports::finance::payments::{Desk, Facts};
use commonhold_core::store::{Act, Reader};
use commonhold_core::{Kind, RecordId, Time};
use serde_json::{Value, json};

/// Who sits at this device.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Me {
    /// This device; nothing while it is not known.
    pub device: Option<Device>,
    /// The person, if the device belongs to the service.
    pub person: Option<RecordId>,
}

impl Me {
    fn of(reader: &Reader, book: &BookId, device: Option<Device>) -> Result<Self, Failure> {
        let authority = reader.authority(book)?;
        let admitted = device.and_then(|device| authority.state().active(&device).cloned());
        Ok(Self { device, person: admitted.map(|admitted| admitted.person) })
    }

    /// As a profile that is open for reading only knows it: by the log this device writes.
    fn of_reader(reader: &Reader, book: &BookId) -> Result<Self, Failure> {
        let own = reader.logs(book)?.into_iter().find(|log| log.own).map(|log| log.device);
        Self::of(reader, book, own)
    }
}

/// Everything about payments, and who asks.
pub(crate) struct Seen {
    pub desk: Desk,
    pub me: Me,
}

impl Seen {
    pub fn read(reader: &Reader, book: &BookId, now: Time, me: Me) -> Result<Self, Failure> {
        Ok(Self { desk: Desk::new(Facts::load(reader, book, now)?), me })
    }

    /// The same for this device, which is to write.
    pub fn of(app: &mut App, book: &BookId) -> Result<Self, Failure> {
        let now = app.now();
        let device = app.store()?.device();
        // Says in a sentence why this device may not write, if so.
        app.store()?.writer(book, now)?;
        let me = Me::of(app.reader(), book, Some(device))?;
        Self::read(app.reader(), book, now, me)
    }

    /// Why the person at this device may not pay; nothing when they may.
    pub fn may_not_pay(&self) -> Option<String> {
        let payers = self.desk.rules.payers(&self.desk.facts.team);
        if self.me.person.is_some_and(|person| payers.contains(&person)) {
            return None;
        }
        let names: Vec<String> = payers.iter().map(|p| self.desk.facts.name(p)).collect();
        Some(match names.as_slice() {
            [] => "Nobody here may pay: somebody must become treasurer.".into(),
            names => format!("Only {} may write payment files here.", names.join(", ")),
        })
    }

    /// Refuses who may not pay; answers who it is.
    pub fn payer(&self) -> Result<(RecordId, Device), Failure> {
        if let Some(why) = self.may_not_pay() {
            return Err(Failure::new(Code::NotAllowed, why)
                .hint("Ask them, or ask leadership for the role."));
        }
        let known = self.me.person.zip(self.me.device);
        known.ok_or_else(|| Failure::new(Code::NotAllowed, "This device does not belong here."))
    }

    /// Whether this device holds the lease.
    pub fn holds_lease(&self) -> Option<RecordId> {
        let (id, lease) = self.desk.leases.holder.as_ref()?;
        let mine = self.me.device.is_some_and(|device| device.to_string() == lease.device)
            && self.me.person == Some(lease.person);
        mine.then_some(*id)
    }
}

/// The edits of a new entry or record of fields that are sound.
pub(crate) fn new_act(kind: Kind, id: RecordId, document: &str, mut fields: Fields) -> Act {
    let key = Key { kind: kind.name().to_owned(), id };
    let edit = match kind.info().form {
        commonhold_core::record::Form::Entry => {
            fields.insert("v".into(), Value::from(1));
            Edit::Entry(key, fields)
        }
        commonhold_core::record::Form::Living => Edit::Fields(key, fields),
    };
    Act { document: document.to_owned(), edit }
}

/// The fields of a record, checked by its kind.
pub(crate) fn checked(kind: Kind, record: &impl serde::Serialize) -> Result<Fields, Failure> {
    let fields = json::fields(record);
    let judged = (kind.info().judge)(&fields);
    if judged.problems.is_empty() { Ok(fields) } else { Err(Failure::invalid(judged.problems)) }
}

/// The edit that withdraws a record, where its document is.
pub(crate) fn withdrawal(
    app: &mut App,
    book: &BookId,
    (kind, target): (Kind, &RecordId),
    reason: &str,
) -> Result<Act, Failure> {
    let row = super::records::find(app.reader(), book, kind, target)?;
    let fields = json!({"kind": kind, "target": target, "reason": reason});
    let fields = checked(Kind::Withdrawal, &fields)?;
    Ok(new_act(Kind::Withdrawal, app.fresh_id()?, &row.document, fields))
}

/// What is told after something about payments was written.
pub(crate) fn change(book: &BookId, kind: Kind, id: Option<RecordId>) -> Change {
    let id = id.map(|id| id.to_string());
    Change { book: *book, kind: kind.name().into(), id, source: "local".into() }
}
