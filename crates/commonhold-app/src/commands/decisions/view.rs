//! What the window shows of votes.

use super::arrivals::arrived;
use super::load;
use super::regular::look_over;
use super::ties::{Ties, read};
use super::types::{
    BallotLine, DecisionLine, Executed, MyPart, ProposalRow, ProposalView, Voter, WordLine,
};
use crate::app::App;
use crate::commands::count;
use crate::commands::people::name_of;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::projection::State;
use commonhold_core::records::governance::ballot::Ballot;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::reports::governance::tally::{
    self, Outcome, Stage, TallyStanding, Vote, outcome, sentence,
};
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId, Time};
use std::collections::{BTreeMap, BTreeSet};

/// The method in which silence is an answer.
const LAZY: &str = "lazy-consensus";

/// Who looks, and when.
struct Looker {
    me: Option<RecordId>,
    may_count: bool,
    now: Time,
}

impl Looker {
    fn of(app: &mut App, book: &BookId) -> Self {
        let now = app.now();
        let writer = app.store().ok().and_then(|store| store.writer(book, now).ok());
        let writers = Kind::Tally.info().writers;
        Self {
            may_count: writer.as_ref().is_some_and(|writer| writer.may(writers, false)),
            me: writer.map(|writer| writer.person),
            now,
        }
    }
}

/// Whether counts and choices of others are hidden now.
fn is_hidden(vote: &Vote, now: Time) -> bool {
    vote.rule.hidden_until_close && vote.proposal.closes.is_some_and(|closes| now < closes)
}

fn row(vote: &Vote, outcome: &Outcome, looker: &Looker) -> ProposalRow {
    let proposal = &vote.proposal;
    let voted = |me: &RecordId| {
        let own = vote.ballots.values().filter(|voice| voice.fault.is_none());
        own.map(|voice| voice.ballot.voter).any(|voter| voter == *me)
    };
    let open = matches!(outcome.stage, Stage::Open | Stage::NeedsSeconds);
    let missing = looker.me.filter(|me| vote.roll.contains(me)).is_some_and(|me| !voted(&me));
    let signed = |me: RecordId| {
        let stands = |s| matches!(s, TallyStanding::Holds | TallyStanding::Waits);
        outcome.tallies.iter().any(|line| line.person == me && stands(line.standing))
    };
    let to_count = matches!(outcome.stage, Stage::ToCount | Stage::Disputed);
    ProposalRow {
        id: vote.id,
        title: proposal.title.clone(),
        rule: proposal.rule.clone(),
        stage: outcome.stage,
        opened: proposal.opened,
        closes: proposal.closes,
        grace_until: outcome.grace_until,
        cast: outcome.count.cast,
        roll: outcome.count.roll,
        result: outcome.is_final.then_some(outcome.count.result),
        sentence: (!is_hidden(vote, looker.now)).then(|| outcome.count.sentence.clone()),
        my_vote_missing: open && missing && vote.rule.method != LAZY,
        my_count_missing: looker.may_count
            && (outcome.recount_due && outcome.closed
                || to_count && !looker.me.is_some_and(signed)),
        recount_due: outcome.recount_due,
    }
}

/// All proposals, those newly opened first.
pub fn proposal_list(app: &mut App, book: &BookId) -> Result<Vec<ProposalRow>, Failure> {
    let looker = Looker::of(app, book);
    let mut rows = Vec::new();
    for vote in Vote::all(app.reader(), book)? {
        if app.read_only().is_none() {
            arrived(app, book, &vote)?;
        }
        let irregular = look_over(app.reader(), book, &vote)?.irregular;
        rows.push(row(&vote, &outcome(&vote, looker.now, irregular), &looker));
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.opened), row.id));
    Ok(rows)
}

/// What a ballot chooses, in words.
fn in_words(vote: &Vote, ballot: &Ballot) -> String {
    match () {
        () if !ballot.choice.is_empty() => ballot.choice.clone(),
        () if !ballot.ranking.is_empty() => ballot.ranking.join(" > "),
        () => {
            let pairs = vote.proposal.options.iter().zip(&ballot.scores);
            let words: Vec<String> =
                pairs.map(|(option, points)| format!("{option} {points}")).collect();
            words.join(", ")
        }
    }
}

/// The last ballot somebody cast that may count.
fn last_ballot(
    vote: &Vote,
    person: RecordId,
    counted: &BTreeSet<RecordId>,
    shown: bool,
) -> Option<BallotLine> {
    let own = vote
        .ballots
        .iter()
        .filter(|(_, voice)| voice.ballot.voter == person && voice.fault.is_none());
    let (id, voice) = own.max_by_key(|(id, voice)| (voice.ballot.seq, **id))?;
    Some(BallotLine {
        id: *id,
        seq: count(voice.ballot.seq),
        choice: shown.then(|| in_words(vote, &voice.ballot)),
        reason: voice.ballot.reason.clone().filter(|_| shown),
        counted: counted.contains(id),
    })
}

/// One proposal with everything the window needs.
pub fn proposal_view(app: &mut App, book: &BookId, id: &RecordId) -> Result<ProposalView, Failure> {
    let looker = Looker::of(app, book);
    let vote = load(app.reader(), book, id)?;
    if app.read_only().is_none() {
        arrived(app, book, &vote)?;
    }
    let reader = app.reader();
    let found = look_over(reader, book, &vote)?;
    let mut outcome = outcome(&vote, looker.now, found.irregular);
    let hidden = is_hidden(&vote, looker.now);
    let late_sentence = late_sentence(&outcome);
    let row = row(&vote, &outcome, &looker);
    let mine = mine(&vote, &outcome, &looker);
    if hidden {
        outcome.count = tally::Count {
            roll: outcome.count.roll,
            cast: outcome.count.cast,
            turnout: outcome.count.turnout,
            ..tally::Count::default()
        };
    }
    let decisions = decisions(reader, book, id)?;
    let proposal = &vote.proposal;
    Ok(ProposalView {
        row,
        text: proposal.text.clone(),
        options: proposal.options.clone(),
        rule_sentence: sentence(&vote.rule, vote.roll.len()),
        terms: vote.rule.clone(),
        proposer: proposal.person,
        proposer_name: name_of(reader, book, proposal.person)?,
        conflicts: proposal.conflicts.clone(),
        about: about(reader, book, &vote)?,
        phase: proposal.phase.clone(),
        voters: voters(reader, book, (&vote, &outcome), (hidden, &mine))?,
        words: words(reader, book, &vote)?,
        executed_by: executed_by(reader, book, id, &decisions)?,
        decisions: decisions.into_iter().map(|(line, _)| line).collect(),
        mine,
        hidden,
        outcome,
        late_sentence,
        remarks: found.remarks,
    })
}

fn late_sentence(outcome: &Outcome) -> Option<String> {
    let late = outcome.late.len();
    let would = if outcome.late_would_change { "would" } else { "would not" };
    (late > 0)
        .then(|| format!("Arrived after the count ({late}): {would} have changed the result."))
}

fn mine(vote: &Vote, outcome: &Outcome, looker: &Looker) -> MyPart {
    let Some(me) = looker.me else { return MyPart::default() };
    let named = |list: &[String]| list.contains(&me.to_string());
    let words = vote.sound_words();
    let counted = outcome.counted.iter().copied().collect();
    let open = matches!(outcome.stage, Stage::Open | Stage::NeedsSeconds);
    let on_roll = vote.roll.contains(&me);
    let own = vote.proposal.person == me;
    let ballot = last_ballot(vote, me, &counted, true);
    let waits = matches!(outcome.stage, Stage::ToCount | Stage::Disputed);
    MyPart {
        person: Some(me),
        on_roll,
        vote_missing: open && on_roll && ballot.is_none() && vote.rule.method != LAZY,
        ballot,
        may_vote: open && on_roll,
        may_second: open
            && !own
            && named(&vote.proposal.seconders)
            && !vote.seconds(&words).contains(&me),
        may_veto: !outcome.is_final
            && named(&vote.proposal.vetoers)
            && !vote.vetoes(&words).contains(&me),
        objects: vote.objections(&words).contains(&me),
        may_retract: own && !outcome.is_final && outcome.stage != Stage::Retracted,
        may_count: looker.may_count && (waits || outcome.recount_due && outcome.closed),
    }
}

fn voters(
    reader: &Reader,
    book: &BookId,
    (vote, outcome): (&Vote, &Outcome),
    (hidden, mine): (bool, &MyPart),
) -> Result<Vec<Voter>, Failure> {
    let day = vote.proposal.opened.unwrap_or_default().date();
    let mut ties = Ties::read(reader, book, day)?;
    let counted: BTreeSet<RecordId> = outcome.counted.iter().copied().collect();
    let mut voters = Vec::new();
    for person in &vote.roll {
        // Who votes in secret sees their own choice only.
        let shown = mine.person == Some(*person) || !(hidden || vote.rule.secret);
        voters.push(Voter {
            person: *person,
            name: name_of(reader, book, *person)?,
            ballot: last_ballot(vote, *person, &counted, shown),
            interests: ties.interests.remove(person).unwrap_or_default(),
            paid: ties.paid.remove(person).unwrap_or_default(),
        });
    }
    voters.sort_by_key(|voter| (voter.name.to_lowercase(), voter.person));
    Ok(voters)
}

fn words(reader: &Reader, book: &BookId, vote: &Vote) -> Result<Vec<WordLine>, Failure> {
    let mut lines = Vec::new();
    for (id, word) in &vote.words {
        lines.push(WordLine {
            id: *id,
            person: word.said.person,
            name: name_of(reader, book, word.said.person)?,
            kind: word.said.kind.clone(),
            reason: word.said.reason.clone(),
            fault: word.fault.clone(),
        });
    }
    Ok(lines)
}

fn named(
    reader: &Reader,
    book: &BookId,
    kind: &str,
    id: &RecordId,
) -> Result<Option<Executed>, Failure> {
    let Ok(kind) = kind.parse::<Kind>() else { return Ok(None) };
    // Nothing of what not everybody reads is named here.
    let row = if kind.info().sealed { None } else { reader.record(book, kind, id)? };
    let title = row.map(|row| (kind.info().judge)(&row.fields).title).unwrap_or_default();
    let title = if title.is_empty() { id.to_string() } else { title };
    Ok(Some(Executed { kind, id: *id, title }))
}

fn about(reader: &Reader, book: &BookId, vote: &Vote) -> Result<Option<Executed>, Failure> {
    match (&vote.proposal.about_kind, &vote.proposal.about) {
        (Some(kind), Some(id)) => named(reader, book, kind, id),
        _ => Ok(None),
    }
}

/// Decisions in effect that rest on a proposal.
fn decisions(
    reader: &Reader,
    book: &BookId,
    proposal: &RecordId,
) -> Result<Vec<(DecisionLine, Vec<String>)>, Failure> {
    let rows = reader.with(book, Kind::Decision, "proposal", &proposal.to_string())?;
    let lines = rows.into_iter().filter(|row| row.state == State::Ok).map(|row| {
        let decision: Decision = read(&row);
        let line = DecisionLine {
            id: row.id,
            title: decision.title,
            date: decision.date,
            effective_from: decision.effective_from,
        };
        (line, decision.executed_by)
    });
    Ok(lines.collect())
}

/// Records that name the proposal or a decision on it as what they carry out, and those a
/// decision names.
fn executed_by(
    reader: &Reader,
    book: &BookId,
    proposal: &RecordId,
    decisions: &[(DecisionLine, Vec<String>)],
) -> Result<Vec<Executed>, Failure> {
    let mut found: BTreeMap<(&str, RecordId), Executed> = BTreeMap::new();
    let cited = decisions.iter().map(|(line, _)| line.id).chain([*proposal]);
    let cited: Vec<String> = cited.map(|id| id.to_string()).collect();
    for kind in Kind::ALL.iter().filter(|kind| kind.info().column("decision").is_some()) {
        for id in &cited {
            let rows = reader.with(book, *kind, "decision", id)?;
            for row in rows.into_iter().filter(|row| row.state == State::Ok) {
                let line = named(reader, book, kind.name(), &row.id)?;
                found.extend(line.map(|line| ((kind.name(), row.id), line)));
            }
        }
    }
    for name in decisions.iter().flat_map(|(_, names)| names) {
        let Some((kind, id)) = name.split_once('/') else { continue };
        if let Ok(id) = id.parse()
            && let Some(line) = named(reader, book, kind, &id)?
        {
            found.insert((line.kind.name(), id), line);
        }
    }
    Ok(found.into_values().collect())
}
