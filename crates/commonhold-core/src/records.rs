//! THE LIST of record kinds, with the roles that may write each. A new kind is one file below this
//! folder and one line here.

pub(crate) mod checks;
pub mod finance;
pub mod governance;
pub mod knowledge;
pub mod operations;
pub mod product;

use crate::authority::Role;
use crate::record::KindInfo;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! kinds {
    ($($variant:ident $name:literal $plural:literal $area:literal [$($role:ident)*] $record:ty;)*) => {
        /// The kinds of records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export))]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum Kind { $($variant,)* }

        impl Kind {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            /// The word used in JSON, keys of documents, commands and routes.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The word used for tables, folders and files.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural,)* }
            }

            /// Its table in SQL, quoted, since a plural may have a hyphen.
            pub(crate) fn table(self) -> &'static str {
                match self { $(Self::$variant => concat!("\"", $plural, "\""),)* }
            }

            /// The area of the framework it belongs to.
            pub fn area(self) -> &'static str {
                match self { $(Self::$variant => $area,)* }
            }

            /// What the machinery knows of it.
            pub fn info(self) -> &'static KindInfo {
                match self { $(Self::$variant => {
                    static INFO: KindInfo = KindInfo::of::<$record>(&[$(Role::$role),*]);
                    &INFO
                })* }
            }
        }
    };
}

// Who may write what. A withdrawal needs what its target needs; a person's own record is also
// theirs to write; an approval, a ballot, a proposal, an intervention or a tally speaks for its author
// alone.
kinds! {
    Service "service" "services" "product" [Leadership] product::service::Service;
    Person "person" "people" "governance" [Leadership] governance::person::Person;
    Account "account" "accounts" "finance" [Leadership Treasurer] finance::account::Account;
    Fund "fund" "funds" "finance" [Leadership Treasurer] finance::fund::Fund;
    Transaction "transaction" "transactions" "finance" [Leadership Treasurer] finance::transaction::Transaction;
    Price "price" "prices" "finance" [Leadership Treasurer] finance::price::Price;
    Import "import" "imports" "finance" [Leadership Treasurer] finance::import::Import;
    Approval "approval" "approvals" "finance" [Leadership Treasurer] finance::approval::Approval;
    Payee "payee" "payees" "finance" [Leadership Treasurer] finance::payee::Payee;
    Schedule "schedule" "schedules" "finance" [Leadership Treasurer] finance::schedule::Schedule;
    Expense "expense" "expenses" "finance" [Contributor Member Leadership Treasurer] finance::expense::Expense;
    Policy "policy" "policies" "finance" [Leadership] finance::policy::Policy;
    Lease "lease" "leases" "finance" [Leadership Treasurer] finance::lease::Lease;
    Batch "batch" "batches" "finance" [Leadership Treasurer] finance::batch::Batch;
    Outcome "outcome" "outcomes" "finance" [Leadership Treasurer] finance::outcome::Outcome;
    Statement "statement" "statements" "finance" [Leadership Treasurer] finance::statement::Statement;
    Reconciliation "reconciliation" "reconciliations" "finance" [Leadership Treasurer] finance::reconciliation::Reconciliation;
    Close "close" "closes" "finance" [Leadership Treasurer] finance::close::Close;
    Budget "budget" "budgets" "finance" [Leadership Treasurer] finance::budget::Budget;
    Donor "donor" "donors" "finance" [Leadership Treasurer] finance::donor::Donor;
    Pledge "pledge" "pledges" "finance" [Leadership Treasurer] finance::pledge::Pledge;
    Channel "channel" "channels" "finance" [Leadership Treasurer] finance::channel::Channel;
    Publication "publication" "publications" "finance" [Leadership Treasurer] finance::publication::Publication;
    Page "page" "pages" "knowledge" [Contributor Member Leadership Treasurer Teller] knowledge::page::Page;
    Secret "secret" "secrets" "operations" [Leadership] operations::secret::Secret;
    Contact "contact" "contacts" "governance" [Leadership Treasurer] governance::contact::Contact;
    Ballot "ballot" "ballots" "governance" [Contributor Member Leadership] governance::ballot::Ballot;
    Attestation "attestation" "attestations" "governance" [Leadership] governance::attestation::Attestation;
    Phase "phase" "phases" "product" [Leadership] product::phase::Phase;
    Plan "plan" "plans" "product" [Leadership] product::plan::Plan;
    Scenario "scenario" "scenarios" "product" [Leadership] product::scenario::Scenario;
    Firing "firing" "firings" "product" [Contributor Member Leadership Treasurer Teller] product::firing::Firing;
    Interface "interface" "interfaces" "product" [Leadership] product::interface::Interface;
    Drill "drill" "drills" "product" [Contributor Member Leadership Treasurer] product::drill::Drill;
    Meeting "meeting" "meetings" "governance" [Contributor Member Leadership] governance::meeting::Meeting;
    Disclosure "disclosure" "disclosures" "governance" [Leadership Treasurer] governance::disclosure::Disclosure;
    Reaffirmation "reaffirmation" "reaffirmations" "governance" [Contributor Member Leadership Treasurer Teller] governance::reaffirmation::Reaffirmation;
    Contribution "contribution" "contributions" "governance" [Contributor Member Leadership] governance::contribution::Contribution;
    Item "item" "items" "product" [Contributor Member Leadership] product::item::Item;
    Rule "rule" "rules" "governance" [Leadership] governance::rule::Rule;
    Proposal "proposal" "proposals" "governance" [Contributor Member Leadership] governance::proposal::Proposal;
    Intervention "intervention" "interventions" "governance" [Contributor Member Leadership] governance::intervention::Intervention;
    Tally "tally" "tallies" "governance" [Leadership Teller] governance::tally::Tally;
    Decision "decision" "decisions" "governance" [Leadership Teller] governance::decision::Decision;
    Interest "interest" "interests" "governance" [Contributor Member Leadership Treasurer Teller] governance::interest::Interest;
    Deploy "deploy" "deploys" "operations" [Contributor Member Leadership] operations::deploy::Deploy;
    Change "change" "changes" "operations" [Contributor Member Leadership] operations::change::Change;
    Incident "incident" "incidents" "operations" [Contributor Member Leadership] operations::incident::Incident;
    IncidentLine "incident-line" "incident-lines" "operations" [Contributor Member Leadership] operations::incident_line::IncidentLine;
    Review "review" "reviews" "operations" [Member Leadership] operations::review::Review;
    Action "action" "actions" "operations" [Member Leadership] operations::action::Action;
    Availability "availability" "availabilities" "operations" [Contributor Member Leadership] operations::availability::Availability;
    Measurement "measurement" "measurements" "operations" [Contributor Member Leadership] operations::measurement::Measurement;
    Continuity "continuity" "continuities" "operations" [Leadership] operations::continuity::Continuity;
    Component "component" "components" "operations" [Member Leadership] operations::component::Component;
    SealedValue "sealed-value" "sealed-values" "operations" [Leadership] operations::sealed_value::SealedValue;
    Runbook "runbook" "runbooks" "knowledge" [Member Leadership] knowledge::runbook::Runbook;
    RunbookRun "runbook-run" "runbook-runs" "knowledge" [Contributor Member Leadership] knowledge::runbook_run::RunbookRun;
    Process "process" "processes" "knowledge" [Member Leadership] knowledge::process::Process;
    Feedback "feedback" "feedbacks" "knowledge" [Contributor Member Leadership Treasurer Teller] knowledge::feedback::Feedback;
    Commons "commons" "commons" "knowledge" [Contributor Member Leadership] knowledge::commons::Commons;
    Venue "venue" "venues" "governance" [Contributor Member Leadership] governance::venue::Venue;
    Session "session" "sessions" "governance" [Contributor Member Leadership] governance::session::Session;
    Pairing "pairing" "pairings" "governance" [Contributor Member Leadership] governance::pairing::Pairing;
    Manifesto "manifesto" "manifestos" "governance" [Leadership] governance::manifesto::Manifesto;
    Signature "signature" "signatures" "governance" [Leadership] governance::signature::Signature;
    Withdrawal "withdrawal" "withdrawals" "governance" [Contributor Member Leadership Treasurer Teller] governance::withdrawal::Withdrawal;
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
            format!("“{text}” is not a kind of record; the kinds are: {}.", names.join(", "))
        })
    }
}
