//! Finance: where money comes from, how bills are paid, what the public sees.

use super::super::Finding;
use super::super::facts::Facts;
use super::{names, some};
use crate::authority::Role;
use crate::money::ratio;
use crate::projection::Completeness;
use crate::records::Kind;

/// `finance.self-funded.channels`: one way to give once and one to give at an interval, both with
/// an amount the giver chooses.
pub fn channels(facts: &Facts) -> Finding {
    let open = || facts.channels.iter().filter(|(_, channel)| channel.closed.is_none());
    let once = open().any(|(_, c)| c.one_time && c.amount_open);
    let often = open().any(|(_, c)| c.recurring && c.amount_open);
    let lacking = match (once, often) {
        (true, true) => String::new(),
        (false, true) => "; none takes single gifts of an open amount".into(),
        (true, false) => "; none takes recurring gifts of an open amount".into(),
        (false, false) => "; none takes gifts of an open amount".into(),
    };
    let count = some(open().count(), "channel", "channels");
    Finding::when(once && often, format!("{count} to give through{lacking}."))
        .with(open().map(|(id, channel)| names(Kind::Channel, *id, &channel.name)))
}

/// `finance.self-funded.sources`: nothing from for-profit owners or investors in twelve months.
pub fn sources(facts: &Facts) -> Finding {
    let from_owner = facts.given.iter().filter(|(donor, _)| {
        let of = facts.donors.iter().find(|(id, _)| id == donor);
        of.is_some_and(|(_, donor)| donor.donor_type == "for-profit-owner")
    });
    let owners: Vec<_> = from_owner.collect();
    if owners.is_empty() {
        return Finding::met(
            "No gift of the last twelve months is from a for-profit owner or investor.",
        );
    }
    let sum = owners.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    let amount = facts.ledger.money(sum);
    let titles = owners.iter().filter_map(|(donor, _)| {
        let of = facts.donors.iter().find(|(id, _)| id == donor)?;
        Some(names(Kind::Donor, *donor, &of.1.name))
    });
    Finding::unmet(format!(
        "{amount} of the last twelve months came from for-profit owners or investors."
    ))
    .with(titles)
}

/// `finance.expensing.automatic`: every recurring bill has a pre-approval in force, and somebody
/// is treasurer.
pub fn automatic(facts: &Facts) -> Finding {
    let treasurer = facts.with_role(Role::Treasurer).next();
    let waiting: Vec<_> = facts.schedules.iter().filter(|(_, _, in_force)| !in_force).collect();
    let all = facts.schedules.len();
    let paid = all.saturating_sub(waiting.len());
    let who = match treasurer {
        Some(member) => format!("{} is treasurer", member.name),
        None => "nobody is treasurer".into(),
    };
    let met = all > 0 && waiting.is_empty() && treasurer.is_some();
    Finding::when(
        met,
        format!(
            "{paid} of {} paid without asking; {who}.",
            some(all, "recurring bill is", "recurring bills are")
        ),
    )
    .with(waiting.iter().map(|(id, schedule, _)| names(Kind::Schedule, *id, &schedule.narration)))
}

fn share(found: &Completeness, what: &str, lacking: &str, none: &str) -> Finding {
    if found.total == 0 {
        return Finding::unmet(none);
    }
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let percent = number(found.complete)
        .checked_mul(100)
        .and_then(|part| ratio(part, number(found.total), 1))
        .unwrap_or_default();
    let sentence = format!("{} of {} {what} ({percent} %){lacking}.", found.complete, found.total);
    Finding::when(found.complete == found.total, sentence)
        .with(found.lacking.iter().map(|(id, title)| names(Kind::Transaction, *id, title)))
}

/// `finance.history.expenses`: all five facts about every expense.
pub fn expenses(facts: &Facts) -> Finding {
    share(
        &facts.expenses,
        "expenses say who was paid, what for, and for which period",
        "",
        "No expense is recorded yet.",
    )
}

/// `finance.history.donations`: amount and interval of every gift.
pub fn donations(facts: &Facts) -> Finding {
    share(
        &facts.gifts,
        "gifts say whether they are given once or at an interval",
        "",
        "No gift is recorded yet.",
    )
}

/// `finance.history.timely`: public within one business day.
pub fn timely(facts: &Facts) -> Finding {
    if facts.publications.is_empty() {
        return Finding::unmet("The public page was never published.");
    }
    if facts.timely.total == 0 {
        return Finding::met("Nothing is older than a business day.");
    }
    let last = facts.publications.last().map(|(id, p)| names(Kind::Publication, *id, &p.place));
    let (n, of) = (facts.timely.complete, facts.timely.total);
    Finding::when(n == of, format!("{n} of {of} transactions were public within one business day."))
        .with(last)
}

/// `finance.efficiency`: functions are known, and what is above the limit names a decision.
pub fn efficiency(facts: &Facts) -> Finding {
    let expense = |line: &crate::projection::SumLine| {
        facts
            .ledger
            .accounts
            .get(&line.account)
            .is_some_and(|a| a.account_type == "expense" && a.function.is_none())
    };
    let unknown = facts.ledger.stock(expense).minor;
    if unknown != 0 {
        let amount = facts.ledger.money(unknown);
        return Finding::unmet(format!("{amount} of expense is in accounts of no function."));
    }
    let Some((id, policy)) = &facts.policy else {
        return Finding::unmet(
            "There is no policy of payments that says which expense needs a decision.",
        );
    };
    let Some(limit) = policy.decision_above else {
        return Finding::unmet(
            "The policy of payments says no limit above which an expense needs a decision.",
        )
        .with([names(Kind::Policy, *id, "Payments")]);
    };
    let (n, of) = (facts.undecided.complete, facts.undecided.total);
    Finding::when(n == of, format!("{n} of {of} expenses above {limit} name their decision."))
        .with(facts.undecided.lacking.iter().map(|(id, t)| names(Kind::Transaction, *id, t)))
}

/// `finance.shutdown.plan`: where left-over money goes, and how every recurring bill is cancelled.
pub fn shutdown(facts: &Facts) -> Finding {
    let settled = facts.plan.as_ref().is_some_and(|(_, plan)| !plan.leftover.trim().is_empty());
    let beneficiary = facts.policy.as_ref().and_then(|(_, policy)| policy.beneficiary.as_ref());
    let open: Vec<_> = facts
        .schedules
        .iter()
        .filter(|(_, s, _)| s.cancel.as_deref().unwrap_or("").trim().is_empty())
        .collect();
    let money = match (settled, beneficiary) {
        (true, _) => "It is settled where left-over money goes".to_owned(),
        (false, Some(name)) => format!("Left-over money goes to {name}"),
        (false, None) => "It is not settled where left-over money goes".to_owned(),
    };
    let met = (settled || beneficiary.is_some()) && open.is_empty();
    let bills = some(open.len(), "recurring bill does", "recurring bills do");
    Finding::when(met, format!("{money}; {bills} not say how they are cancelled."))
        .with(open.iter().map(|(id, s, _)| names(Kind::Schedule, *id, &s.narration)))
}
