//! What is said about an expense, and what somebody must look at.

use super::approvals::Verdict;
use super::desk::Desk;
use super::facts::Item;
use super::standing::{ExpenseState, Standing};
use crate::id::{Device, RecordId};
use crate::records::finance::batch::Batch;
use crate::records::finance::expense::Expense;

impl Desk {
    /// Names of those whose word counts, one way or the other.
    fn voices(&self, standing: &Standing, approve: bool) -> String {
        let words = standing.decision.words.iter();
        let counted = words.filter(|word| word.void.is_none() && word.approves == approve);
        let mut names: Vec<String> = counted.map(|word| self.facts.name(&word.person)).collect();
        names.dedup();
        names.join(", ")
    }

    /// Why an expense is not paid or what is to be done about it, in a sentence; empty when
    /// nothing is to be said.
    pub fn reason(&self, id: &RecordId) -> String {
        let (Some(standing), Some(item)) = (self.expenses.get(id), self.facts.expenses.get(id))
        else {
            return String::new();
        };
        if standing.double {
            return self.double(standing);
        }
        let also = standing.obstacle.as_ref().map(|obstacle| format!(" {obstacle}"));
        let also = also.unwrap_or_default();
        match standing.state {
            ExpenseState::Proposed => self.proposed(standing),
            ExpenseState::Held => self.held(standing),
            ExpenseState::Rejected => format!("Rejected by {}.", self.voices(standing, false)),
            ExpenseState::Approved => standing.obstacle.clone().unwrap_or_default(),
            ExpenseState::InBatch => "A payment file holds it; it is not sent until a statement \
                                      of the bank shows it."
                .into(),
            ExpenseState::Sent => {
                "It was handed over; it is paid once a statement of the bank shows it.".into()
            }
            ExpenseState::Partial => {
                let paid = standing.paid.map(|paid| paid.to_string()).unwrap_or_default();
                let whole = item.record.amount.map(|m| m.to_string()).unwrap_or_default();
                format!("{paid} of {whole} is paid.")
            }
            ExpenseState::Returned => "The money came back. Mend the payee's bank details, then \
                                       hand it in as a new expense."
                .into(),
            ExpenseState::Refused => {
                let code = standing.code.as_ref().map(|code| format!(" ({code})"));
                format!(
                    "The bank refused it{}. Mend what was wrong, then put it into a new payment \
                     file.{also}",
                    code.unwrap_or_default()
                )
            }
            ExpenseState::Cancelled => format!(
                "It was taken back before it was paid; put it into a new payment file to pay it, \
                 or withdraw it.{also}"
            ),
            ExpenseState::Withdrawn | ExpenseState::Paid | ExpenseState::Settled => String::new(),
        }
    }

    fn proposed(&self, standing: &Standing) -> String {
        let missing = standing.needs();
        let approvals = if missing == 1 { "approval" } else { "approvals" };
        let mut said = format!("It needs {missing} more {approvals}.");
        if standing.decision.entitled.is_empty() {
            said.push_str(" Nobody here may give one: somebody else must become treasurer.");
        }
        let void = standing.decision.words.iter().any(|word| word.void.is_some());
        if void && standing.decision.verdict != Verdict::Approved {
            said.push_str(" Approvals of another content do not count.");
        }
        for more in [&standing.not_preapproved, &standing.obstacle].into_iter().flatten() {
            said.push(' ');
            said.push_str(more);
        }
        said
    }

    fn held(&self, standing: &Standing) -> String {
        let no = self.voices(standing, false);
        let yes = match self.voices(standing, true) {
            names if names.is_empty() => "its schedule".to_owned(),
            names => names,
        };
        format!("Held: {yes} approves it, {no} rejects it. One of them must withdraw their word.")
    }

    fn double(&self, standing: &Standing) -> String {
        let files: Vec<String> = standing
            .batches
            .iter()
            .filter_map(|id| self.facts.batches.get(id))
            .map(|(batch, _)| self.file(batch))
            .collect();
        if standing.batches.len() > 1 {
            return format!(
                "It may be paid twice: {} payment files hold it ({}). Have the bank stop all but \
                 one, then withdraw the others here.",
                standing.batches.len(),
                files.join("; ")
            );
        }
        let paid = standing.paid.map(|paid| paid.to_string()).unwrap_or_default();
        format!(
            "It was paid more than once: {paid} in {} transactions. Ask the payee to give back \
             what is too much, and enter that under the same expense.",
            standing.transactions.len()
        )
    }

    /// A payment file in few words: its hash, by whom, when.
    fn file(&self, batch: &Batch) -> String {
        let device = batch.device.parse::<Device>().map(|device| device.short());
        let device = device.unwrap_or_default();
        let written = batch.written.map(|written| written.to_string()).unwrap_or_default();
        let name = self.facts.name(&batch.person);
        format!("SHA-256 {} by {name} on device {device}, {written}", batch.file_sha256)
    }

    /// What somebody must look at now, in sentences: what may be paid twice first.
    pub fn alarms(&self) -> Vec<String> {
        let mut alarms = Vec::new();
        for (id, standing) in &self.expenses {
            let Some(item) = self.facts.expenses.get(id) else { continue };
            let title = &item.record.narration;
            if standing.double {
                alarms.push(format!("{title}: {}", self.double(standing)));
            }
            let paid = standing.paid.is_some_and(|paid| paid.minor > 0);
            let waits = !standing.batches.is_empty() && standing.transactions.is_empty();
            if standing.state == ExpenseState::Withdrawn && (paid || waits) {
                alarms.push(format!(
                    "{title}: it was withdrawn, but a payment file or the books hold its payment."
                ));
            }
            alarms.extend(self.changed(id, item, standing));
            if matches!(standing.state, ExpenseState::Returned | ExpenseState::Refused) {
                alarms.push(format!("{title}: {}", self.reason(id)));
            }
        }
        if let (Some((_, lease)), false) = (&self.leases.holder, self.leases.rivals.is_empty()) {
            let name = self.facts.name(&lease.person);
            let others: Vec<String> = self
                .leases
                .rivals
                .iter()
                .map(|(_, rival)| self.facts.name(&rival.person))
                .collect();
            alarms.push(format!(
                "Two leases at once: {name} writes payment files, and {} took the lease while \
                 apart. Agree on one and end the other.",
                others.join(", ")
            ));
        }
        alarms
    }

    /// An expense that was changed after it went into a payment file.
    fn changed(&self, id: &RecordId, item: &Item<Expense>, standing: &Standing) -> Option<String> {
        let waits = matches!(standing.state, ExpenseState::InBatch | ExpenseState::Sent);
        let amount = item.record.amount.filter(|_| waits)?.to_string();
        let in_file = standing.batches.iter().find_map(|batch| {
            let (batch, _) = self.facts.batches.get(batch)?;
            let place = batch.expenses.iter().position(|text| text.parse() == Ok(*id))?;
            batch.amounts.get(place).filter(|there| **there != amount)
        })?;
        let title = &item.record.narration;
        Some(format!(
            "{title}: the payment file says {in_file}, the expense was changed to {amount} since."
        ))
    }
}
