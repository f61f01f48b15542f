//! What every record kind tells about itself; the machinery knows kinds only through this.

use crate::authority::Role;
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::json::{self, Fields};
use crate::keyring;
use crate::money::Money;
use crate::problem::Problem;
use crate::records::Kind;
use crate::table::Column;
use serde::{Deserialize, Serialize};

/// How a kind is written (see `docs/ARCHITECTURE.md`, records).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Written once, never changed: one canonical JSON text under one key.
    Entry,
    /// Edited over time: one key a field, concurrent edits of a field stay visible.
    Living,
}

/// The document a record lives in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// The book's charter.
    Charter,
    /// The ledger of the year of a day, in parts.
    Ledger(Date),
    /// What happens day by day, of the quarter of a day, in parts.
    Operations(Date),
    /// The register of imports.
    Imports,
    /// What is to be paid, and how it went.
    Payments,
    /// A document of its own, named after the plural and the id.
    Own,
    /// The document of another record.
    With(RecordId),
    /// The document of a proposal.
    Proposal(RecordId),
    /// The register of secrets, which only leadership reads.
    Vault,
    /// A document about one person, which can be destroyed.
    Private,
}

impl Home {
    /// Whether a document of this name is such a home for a record. The parts of a year's ledger
    /// or a quarter's operations all are; which of them was full is for its writer to know.
    pub fn holds(&self, document: &str, kind: Kind, id: &RecordId) -> bool {
        match self {
            Self::Charter => document == "charter",
            Self::Imports => document == "ledger/imports",
            Self::Payments => document == "payments",
            Self::Own => document.strip_prefix(kind.name()) == Some(format!("/{id}").as_str()),
            Self::With(_) => true,
            Self::Proposal(proposal) => document == format!("proposal/{proposal}"),
            Self::Vault => document == keyring::VAULT,
            Self::Private => {
                document.strip_prefix(keyring::PRIVATE) == Some(id.to_string().as_str())
            }
            Self::Ledger(_) | Self::Operations(_) => {
                let rest = self.first_part().and_then(|first| document.strip_prefix(&first));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }

    /// The first of its parts, when it has parts: of the ledger of a year, of the operations of a
    /// quarter.
    pub fn first_part(&self) -> Option<String> {
        match self {
            Self::Ledger(day) => Some(format!("ledger/{:04}", day.year())),
            Self::Operations(day) => {
                let quarter = day.month_of_year().saturating_add(2).div_euclid(3);
                Some(format!("operations/{:04}q{quarter}", day.year()))
            }
            _ => None,
        }
    }
}

/// How one record points at another, where that changes what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Takes the target out of effect.
    Withdraws,
    /// Replaces the target.
    Corrects,
    /// Came in with the target and leaves with it.
    ImportedBy,
    /// Is about the target (an approval, a batch, a payment); the target's state is not touched.
    Concerns,
}

impl Relation {
    /// The number it is stored under.
    pub fn code(self) -> i64 {
        match self {
            Self::Withdraws => 1,
            Self::Corrects => 2,
            Self::ImportedBy => 3,
            Self::Concerns => 4,
        }
    }
}

/// A record pointing at another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// In which way.
    pub relation: Relation,
    /// The kind of the other; a link to a record of another kind means nothing.
    pub kind: Kind,
    /// The other.
    pub id: RecordId,
}

/// One line of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Posting {
    /// The account the amount goes to (negative: comes from).
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The amount; assets and expenses positive, income negative, as in double entry.
    #[cfg_attr(test, ts(type = "string"))]
    pub amount: Money,
    /// The fund it belongs to.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// A remark on this line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional = nullable))]
    pub memo: Option<String>,
    /// What the whole line was worth in another currency, where it was exchanged (documentary:
    /// reports convert by price records).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional = nullable, type = "string"))]
    pub price: Option<Money>,
}

/// Stands in the read model where a record holds the value of a secret.
pub const HIDDEN: &str = "••••••";

/// A kind of record. Every kind reads from `{}`, so that a record with missing fields is shown
/// with its problems instead of failing.
pub trait Record: Serialize + for<'de> Deserialize<'de> + Default {
    /// Which kind this is.
    const KIND: Kind;
    /// Entry or living record.
    const FORM: Form;
    /// Its fields.
    const COLUMNS: &'static [Column];
    /// Whether the person whose id it has may write it, whatever their roles.
    const OWN: bool = false;
    /// Whether it lies in a document not everybody reads: nothing of it is ever published, and
    /// it is in no archive in the clear.
    const SEALED: bool = false;

    /// Fields of a sealed record that lie in its document alone: the read model, and so every list
    /// and search, has [`HIDDEN`] in their place. Only who opens the record reads them.
    const MASKED: &'static [&'static str] = &[];

    /// Adds what is wrong with this record taken by itself.
    fn check(&self, problems: &mut Vec<Problem>);
    /// The document it lives in.
    fn home(&self) -> Home;
    /// What a list shows for it.
    fn title(&self) -> String;
    /// What the search finds it by.
    fn words(&self) -> String {
        self.title()
    }
    /// A text that names what it is for, where two devices could create the same thing.
    fn purpose(&self) -> Option<String> {
        None
    }
    /// Its lines of double entry.
    fn postings(&self) -> &[Posting] {
        &[]
    }
    /// The day its postings count for.
    fn day(&self) -> Option<Date> {
        None
    }
    /// What it points at, where that changes what counts.
    fn links(&self) -> Vec<Link> {
        Vec::new()
    }
    /// The person it speaks for: nobody else may write it.
    fn speaks_for(&self) -> Option<RecordId> {
        None
    }
    /// The kind of the record it does something to: it needs the roles that kind needs.
    fn acts_on(&self) -> Option<Kind> {
        None
    }
}

/// A record as the machinery sees it: judged by its own kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// What is wrong; anything here means the record has no effect.
    pub problems: Vec<Problem>,
    /// What a list shows.
    pub title: String,
    /// What the search finds.
    pub words: String,
    /// Its lines of double entry, when it has no problems.
    pub postings: Vec<Posting>,
    /// The day its postings count for.
    pub day: Option<Date>,
    /// What it points at, when it has no problems.
    pub links: Vec<Link>,
    /// Where it lives; nothing when it cannot be read.
    pub home: Option<Home>,
    /// The purpose its id is made from, if it has one.
    pub purpose: Option<String>,
    /// The person it speaks for.
    pub speaks_for: Option<RecordId>,
    /// The kind of the record it does something to.
    pub acts_on: Option<Kind>,
}

/// What the list of kinds holds for each: constants and the judge.
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Entry or living record.
    pub form: Form,
    /// Its fields.
    pub columns: &'static [Column],
    /// Judges the fields of one record.
    pub judge: fn(&Fields) -> Judged,
    /// The roles that may write it.
    pub writers: &'static [Role],
    /// Whether the person whose id it has may write it too.
    pub own: bool,
    /// Whether it lies in a document not everybody reads.
    pub sealed: bool,
    /// Fields that stand in no list.
    pub masked: &'static [&'static str],
}

impl KindInfo {
    /// The entry of the list for one kind.
    pub const fn of<R: Record>(writers: &'static [Role]) -> Self {
        let (own, sealed, masked) = (R::OWN, R::SEALED, R::MASKED);
        let (kind, form, columns, judge) = (R::KIND, R::FORM, R::COLUMNS, judge::<R>);
        Self { kind, form, columns, judge, writers, own, sealed, masked }
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Makes the id of a new record: from its purpose if it has one, else from the given id.
    pub fn id(&self, book: &BookId, judged: &Judged, fresh: RecordId) -> RecordId {
        judged.purpose.as_ref().map_or(fresh, |purpose| {
            crate::id::from_purpose(book, &format!("{}/{purpose}", self.kind.name()))
        })
    }
}

/// Reads and checks the fields of one record. Never fails: what cannot be read is a problem.
fn judge<R: Record>(fields: &Fields) -> Judged {
    let mut problems: Vec<Problem> =
        R::COLUMNS.iter().filter_map(|column| column.problem(fields.get(column.name)?)).collect();
    if fields.get("v").is_some_and(|version| version.as_i64() != Some(1)) {
        let message = "This record was written by a newer version; please update this one.";
        problems.push(Problem::new("v", message));
    }
    if fields.values().any(json::has_inexact_number) {
        problems.push(Problem::new(
            "",
            "A number is not whole or too large; amounts are written as text.",
        ));
    }
    if !problems.is_empty() {
        return Judged { problems, ..Judged::default() };
    }
    match R::deserialize(fields) {
        Err(error) => Judged {
            problems: vec![Problem::new("", format!("This record cannot be read: {error}."))],
            ..Judged::default()
        },
        Ok(record) => {
            record.check(&mut problems);
            let sound = problems.is_empty();
            let postings = if sound { record.postings().to_vec() } else { Vec::new() };
            Judged {
                postings,
                title: record.title(),
                words: record.words(),
                day: record.day(),
                links: if sound { record.links() } else { Vec::new() },
                home: Some(record.home()),
                purpose: record.purpose(),
                speaks_for: record.speaks_for(),
                acts_on: record.acts_on(),
                problems,
            }
        }
    }
}
