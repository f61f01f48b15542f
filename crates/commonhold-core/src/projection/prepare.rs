//! What can be said of a record without the database.

use super::row;
use crate::document::{Key, Raw};
use crate::json::Fields;
use crate::problem::Problem;
use crate::record::{Form, Judged, KindInfo};
use crate::records::Kind;
use serde_json::Value;

/// A record on its way into the read model.
pub struct Prepared {
    /// Where it lies in its document.
    pub(super) key: Key,
    /// Nothing when this version does not know its kind.
    pub(super) known: Option<Known>,
}

/// A record of a known kind, judged.
pub(super) struct Known {
    pub kind: Kind,
    pub fields: Fields,
    pub conflicts: Vec<(String, Vec<Value>)>,
    pub judged: Judged,
}

impl Prepared {
    /// Reads and judges a record as a document holds it.
    pub fn new(key: Key, raw: Raw) -> Self {
        let known = key.kind.parse::<Kind>().ok().map(|kind| {
            let info = kind.info();
            let fields = row::normalise(info, raw.fields);
            let judged = judge(info, raw.entry, raw.unreadable, &fields);
            Known { kind, fields, conflicts: raw.conflicts, judged }
        });
        Self { key, known }
    }
}

/// The kind's own rules, and the form it must have.
fn judge(info: &KindInfo, entry: bool, unreadable: bool, fields: &Fields) -> Judged {
    if unreadable || entry != (info.form == Form::Entry) {
        let message = "This record is not written in the form its kind has.";
        return Judged { problems: vec![Problem::new("", message)], ..Judged::default() };
    }
    (info.judge)(fields)
}
