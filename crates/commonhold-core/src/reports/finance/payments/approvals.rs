//! What people said of something to be paid, and what it comes to.

use super::facts::{Facts, Team};
use crate::id::RecordId;
use crate::records::Kind;
use crate::records::finance::approval::Approval;
use std::collections::BTreeSet;

/// One person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The approval's id.
    pub id: RecordId,
    /// Who.
    pub person: RecordId,
    /// Whether they approve; else they reject.
    pub approves: bool,
    /// Why it does not count; nothing when it does.
    pub void: Option<String>,
    /// What its author gave as the reason.
    pub reason: Option<String>,
}

/// What all words come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many approvals are missing.
    Needs(u32),
    /// Enough approve it, nobody rejects it.
    Approved,
    /// Some approve it, some reject it.
    Held,
    /// Nobody approves it, somebody rejects it.
    Rejected,
}

/// What people said of something, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Every word that was not withdrawn, by id.
    pub words: Vec<Word>,
    /// What they come to.
    pub verdict: Verdict,
    /// Those who could still say something.
    pub entitled: BTreeSet<RecordId>,
    /// Whether one person alone approved it, since nobody else belongs.
    pub one_person_only: bool,
}

/// What is decided about.
pub(super) struct Matter<'a> {
    pub kind: Kind,
    pub id: &'a RecordId,
    pub content: &'a str,
    pub submitter: Option<RecordId>,
    pub payee: Option<RecordId>,
    /// How many must approve it by the rules.
    pub needed: u32,
}

impl Matter<'_> {
    /// Why somebody may not decide about this; nothing when they may.
    pub(super) fn barred(&self, person: &RecordId, team: &Team) -> Option<String> {
        if team.is_alone(person) {
            return None;
        }
        if self.submitter.as_ref() == Some(person) {
            return Some("Nobody approves what they handed in themselves.".into());
        }
        let is_payee = self.payee.as_ref() == Some(person);
        is_payee.then(|| "Nobody approves what they are paid for themselves.".into())
    }
}

pub(super) fn decide(facts: &Facts, matter: &Matter<'_>) -> Decision {
    let team = &facts.team;
    let said = facts.words.get(matter.id).map(Vec::as_slice).unwrap_or_default();
    let said = said.iter().filter(|(_, word)| word.kind == matter.kind.name());
    let words: Vec<Word> = said.map(|(id, word)| judged(*id, word, matter, team)).collect();
    let who = |approves: bool| -> BTreeSet<RecordId> {
        let counted = words.iter().filter(|word| word.void.is_none() && word.approves == approves);
        counted.map(|word| word.person).collect()
    };
    let (approve, reject) = (who(true), who(false));
    let mut entitled = team.approvers();
    entitled.retain(|person| matter.barred(person, team).is_none());
    let able = entitled.union(&approve).count().max(1);
    let needed = matter.needed.min(u32::try_from(able).unwrap_or(u32::MAX));
    let given = u32::try_from(approve.len()).unwrap_or(u32::MAX);
    let verdict = match (approve.is_empty(), reject.is_empty()) {
        (false, false) => Verdict::Held,
        (true, false) => Verdict::Rejected,
        _ if given >= needed => Verdict::Approved,
        _ => Verdict::Needs(needed.saturating_sub(given)),
    };
    let one_person_only = approve.iter().any(|person| team.is_alone(person));
    Decision { words, verdict, entitled, one_person_only }
}

fn judged(id: RecordId, word: &Approval, matter: &Matter<'_>, team: &Team) -> Word {
    let void = match word.content.as_deref() {
        Some(content) if content == matter.content => matter.barred(&word.person, team),
        Some(_) => Some("It is about another content than the present one.".to_owned()),
        None => Some("It does not say which content it is about.".to_owned()),
    };
    let (approves, reason) = (word.verdict == "approve", word.reason.clone());
    Word { id, person: word.person, approves, void, reason }
}
