//! Governance: rules, people, votes, paid work.

use super::super::Finding;
use super::super::facts::Facts;
use super::{names, some};
use crate::authority::Role;
use crate::date::Date;
use crate::records::Kind;

/// Days within which the minutes of a private talk are published.
const MINUTES_DAYS: u16 = 7;

/// `governance.bylaws`: a page of that sort, adopted, a treasurer, a beneficiary.
pub fn bylaws(facts: &Facts) -> Finding {
    let pages: Vec<_> = facts.pages.iter().filter(|(_, page)| page.kind == "bylaws").collect();
    let adopted = facts
        .attestations
        .iter()
        .any(|(_, one)| one.requirement == "governance.bylaws" && one.decision.is_some());
    let treasurer = facts.with_role(Role::Treasurer).next().is_some();
    let beneficiary = facts.policy.as_ref().is_some_and(|(_, policy)| policy.beneficiary.is_some());
    let mut lacking = Vec::new();
    for (there, what) in [
        (!pages.is_empty(), "a page with the bylaws"),
        (adopted, "the decision that adopted them"),
        (treasurer, "a treasurer"),
        (beneficiary, "who gets left-over money"),
    ] {
        if !there {
            lacking.push(what);
        }
    }
    let sentence = if lacking.is_empty() {
        "The bylaws are adopted, name a treasurer and who gets left-over money.".to_owned()
    } else {
        format!("Missing: {}.", lacking.join(", "))
    };
    Finding::when(lacking.is_empty(), sentence)
        .with(pages.iter().map(|(id, page)| names(Kind::Page, *id, &page.title)))
}

/// `governance.members`: the list was published, and leadership agreed to be named.
pub fn members(facts: &Facts) -> Finding {
    let hidden: Vec<_> = facts.with_role(Role::Leadership).filter(|m| !m.shown).collect();
    let published = !facts.publications.is_empty();
    let page = if published { "is published" } else { "was never published" };
    let who = some(hidden.len(), "person in leadership has", "people in leadership have");
    Finding::when(
        published && hidden.is_empty(),
        format!("The list of people {page}; {who} not agreed to be named with their roles."),
    )
    .with(hidden.iter().map(|member| names(Kind::Person, member.person, &member.name)))
}

/// `governance.votes`: every closed vote counted and published.
pub fn votes(facts: &Facts) -> Finding {
    let open = &facts.uncounted;
    let ended = some(open.len(), "vote has", "votes have");
    let counted = format!("{ended} ended without a count that holds");
    let Some((id, publication)) = facts.publications.last() else {
        return Finding::unmet(format!("{counted}; the public page was never published."))
            .with(open.iter().map(|(id, title)| names(Kind::Proposal, *id, title)));
    };
    Finding::when(open.is_empty(), format!("{counted}; the page with all ballots is published."))
        .with(open.iter().map(|(id, title)| names(Kind::Proposal, *id, title)))
        .with([names(Kind::Publication, *id, &publication.place)])
}

/// `governance.paid-work`: every disclosure is complete by its kind; without one somebody says
/// that nobody is paid.
pub fn paid_work(facts: &Facts) -> Finding {
    if facts.disclosures.is_empty() {
        return Finding::unmet("No paid work is disclosed, and nobody vouched that there is none.");
    }
    let count = some(facts.disclosures.len(), "disclosure", "disclosures");
    Finding::met(format!("{count} of paid work say who, how much, how long and what for."))
        .with(facts.disclosures.iter().map(|(id, d)| names(Kind::Disclosure, *id, &d.work)))
}

/// `governance.reaffirmation`: by the end of January everybody who was here has answered.
pub fn reaffirmation(facts: &Facts) -> Finding {
    let year = facts.at.year();
    let begin = Date::new(year, 1, 1).unwrap_or_default();
    let due = Date::new(year, 1, 31).unwrap_or_default();
    let bound = facts.team.iter().filter(|member| {
        let roles = [Role::Member, Role::Leadership];
        roles.iter().any(|role| member.roles.contains(role))
            && member.since.is_none_or(|since| since < begin)
    });
    let silent: Vec<_> = bound
        .filter(|member| {
            !facts
                .reaffirmations
                .iter()
                .any(|(_, answer)| answer.person == member.person && answer.year == i64::from(year))
        })
        .collect();
    if silent.is_empty() {
        return Finding::met(format!("Everybody who was here before {year} has answered for it."));
    }
    let who = some(silent.len(), "person has", "people have");
    // Until the month is over nothing is broken: the answers are still awaited.
    Finding::when(facts.at <= due, format!("{who} not answered for {year} yet."))
        .with(silent.iter().map(|member| names(Kind::Person, member.person, &member.name)))
}

/// `governance.open-talk`: minutes of private talks within a week.
pub fn open_talk(facts: &Facts) -> Finding {
    let late: Vec<_> = facts
        .meetings
        .iter()
        .filter(|(_, meeting)| {
            let Some(by) = meeting.held.map(|day| day.days_later(MINUTES_DAYS)) else {
                return false;
            };
            meeting.private && meeting.published.map_or(facts.at > by, |shown| shown > by)
        })
        .collect();
    let private = facts.meetings.iter().filter(|(_, meeting)| meeting.private).count();
    let talks = some(private, "private talk", "private talks");
    Finding::when(
        late.is_empty(),
        format!("{talks} on record; {} without minutes within a week.", late.len()),
    )
    .with(late.iter().map(|(id, meeting)| names(Kind::Meeting, *id, &meeting.topic)))
}

/// `governance.migration`: the version in force is on record.
pub fn migration(facts: &Facts) -> Finding {
    match facts.service.framework.as_deref() {
        Some(version) => Finding::met(format!("Version {version} of the framework is in force."))
            .with([names(Kind::Service, facts.service_id, &facts.service.name)]),
        None => Finding::unmet("The profile names no version of the framework."),
    }
}
