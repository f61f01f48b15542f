//! `api/*.json`: what the pages show, with the same numbers.

use super::put;
use crate::Error;
use crate::gather::votes::VoteView;
use crate::gather::{Book, Shown};
use crate::output::Output;
use crate::pages::decisions::stage;
use commonhold_core::id::RecordId;
use commonhold_core::json::Fields;
use serde::Serialize;
use serde_json::{Value, json};

/// A record with its id in front.
fn record<R: Serialize>(id: &RecordId, record: &R) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.shift_insert(0, "id".into(), id.to_string().into());
    }
    value
}

fn records<R: Serialize>(all: &Shown<R>) -> Vec<Value> {
    all.iter().map(|(id, one)| record(id, one)).collect()
}

/// Writes them.
pub fn write(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
    put(out, "api/service.json", &service(book))?;
    put(out, "api/money.json", &money(book))?;
    put(out, "api/accounts.json", &accounts(book))?;
    put(out, "api/funds.json", &funds(book))?;
    put(out, "api/decisions.json", &decisions(book))?;
    put(out, "api/people.json", &people(book))?;
    put(out, "api/incidents.json", &incidents(book))?;
    put(out, "api/deploys.json", &deploys(book))?;
    put(out, "api/conformance.json", &conformance(book))
}

fn service(book: &Book<'_>) -> Value {
    json!({
        "as_of": book.day(),
        "phase": book.phase,
        "ends": book.end(),
        "service": book.service,
        "channels": records(&book.channels),
        "plan": book.plan,
        "phases": records(&book.phases),
        "shown": book.shown,
        "unpublished": book.unpublished,
    })
}

fn money(book: &Book<'_>) -> Value {
    let all = &book.money;
    let runway = &all.overview.runway;
    let sentences = |list: &[String]| -> Vec<String> {
        list.iter().map(|text| book.public.sentence("missing", text)).collect()
    };
    json!({
        "as_of": book.day(),
        "currency": all.currency(),
        "total": all.overview.total,
        "unrestricted": runway.cash,
        "runway": {
            "months": runway.months,
            "covered": runway.covered,
            "recurring_only_months": runway.recurring_only_months,
            "average_expense": runway.average_expense,
            "reserve_months": runway.reserve_months,
            "formula": runway.formula,
        },
        "coverage": { "percent": all.coverage.percent, "formula": all.coverage.formula },
        "ratios": all.efficiency.rows.iter().map(|row| json!({
            "id": row.id, "value": row.value, "formula": row.formula, "amounts": row.amounts,
        })).collect::<Vec<_>>(),
        "costs": {
            "months": all.window.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "month": all.money(all.cost_month),
            "accounts": all.costs.iter().map(|cost| json!({
                "account": cost.account,
                "path": all.path(&cost.account),
                "amount": all.money(cost.minor),
                "month": all.money(cost.month),
                "percent": cost.share,
            })).collect::<Vec<_>>(),
        },
        "sources": all.sources.sources.iter().map(|source| json!({
            "type": source.donor_type, "donors": source.donors,
            "amount": source.amount, "share": source.share,
        })).collect::<Vec<_>>(),
        "forecast": all.forecast.months.iter().map(|month| json!({
            "month": month.month, "income": month.income, "expense": month.expense,
            "unrestricted": month.cash,
        })).collect::<Vec<_>>(),
        "missing": sentences(&all.overview.missing),
    })
}

fn accounts(book: &Book<'_>) -> Value {
    let all = &book.money;
    let balances = |id: &RecordId| -> Vec<Value> {
        let rows = all.trial.rows.iter().filter(|row| row.account == *id);
        rows.map(|row| {
            json!({ "fund": row.fund, "fund_name": all.fund(&row.fund), "amount": row.amount })
        })
        .collect()
    };
    let lines: Vec<Value> = all
        .accounts
        .iter()
        .map(|(id, account)| {
            let mut value = record(id, account);
            if let Value::Object(fields) = &mut value {
                fields.insert("balances".into(), balances(id).into());
            }
            value
        })
        .collect();
    json!({ "as_of": book.day(), "currency": all.currency(), "accounts": lines, "balanced": all.trial.balanced })
}

fn funds(book: &Book<'_>) -> Value {
    let all = &book.money;
    let lines: Vec<Value> = all
        .overview
        .balances
        .iter()
        .map(|balance| {
            let fund = all.funds.get(&balance.fund).cloned().unwrap_or_default();
            let mut value = record(&balance.fund, &fund);
            if let Value::Object(fields) = &mut value {
                fields.insert("amounts".into(), json!(balance.amounts));
                fields.insert("total".into(), balance.total.as_str().into());
            }
            value
        })
        .collect();
    json!({
        "as_of": book.day(), "currency": all.currency(),
        "total": all.overview.total, "funds": lines,
    })
}

fn vote(vote: &VoteView) -> Value {
    let ballots = vote.ballots.as_ref().map(|all| {
        let one = |ballot: &crate::gather::votes::BallotView| {
            json!({
                "id": ballot.id, "voter": ballot.voter, "choice": ballot.choice,
                "reason": ballot.reason, "counted": ballot.counted,
            })
        };
        all.iter().map(one).collect::<Vec<_>>()
    });
    let counts = vote.count.as_ref().map(|count| {
        let options = count.counts.iter();
        options.map(|o| json!({ "option": o.option, "votes": o.votes })).collect::<Vec<_>>()
    });
    json!({
        "id": vote.id,
        "title": vote.proposal.title,
        "text": vote.proposal.text,
        "options": vote.proposal.options,
        "rule": vote.rule,
        "opened": vote.proposal.opened,
        "closes": vote.proposal.closes,
        "stage": stage(vote.stage),
        "roll": vote.roll,
        "cast": vote.count.as_ref().map(|count| count.cast),
        "turnout": vote.count.as_ref().map(|count| &count.turnout),
        "counts": counts,
        "final": vote.is_final,
        "result": vote.count.as_ref().map(|count| count.result.name()),
        "sentence": vote.count.as_ref().map(|count| &count.sentence),
        "effective_from": vote.effective_from,
        "late": vote.late.0,
        "late_would_change": vote.late.1,
        "ballots": ballots,
    })
}

fn decisions(book: &Book<'_>) -> Value {
    json!({
        "as_of": book.day(),
        "decisions": records(&book.decisions),
        "votes": book.votes.iter().map(vote).collect::<Vec<_>>(),
    })
}

fn people(book: &Book<'_>) -> Value {
    let people: Vec<Value> = book
        .people
        .shown
        .iter()
        .map(|person| {
            json!({
                "id": person.id, "name": person.name, "roles": person.roles,
                "since": person.since, "paid": person.paid, "interests": person.interests,
            })
        })
        .collect();
    let past: Vec<&commonhold_core::records::governance::disclosure::Disclosure> =
        book.people.past.iter().map(|(_, work)| work).collect();
    json!({
        "as_of": book.day(), "people": people, "not_shown": book.people.hidden,
        "other_paid_work": past,
    })
}

fn incidents(book: &Book<'_>) -> Value {
    let with = |fields: &Fields, more: Value| {
        let mut fields = fields.clone();
        if let Value::Object(more) = more {
            fields.extend(more);
        }
        Value::Object(fields)
    };
    let lines: Vec<Value> = book
        .operations
        .incidents
        .iter()
        .map(|incident| {
            let more = json!({
                "minutes_to_detect": incident.minutes("detected"),
                "minutes_to_resolve": incident.minutes("resolved"),
                "timeline": records(&incident.lines),
                "reviews": records(&incident.reviews),
                "actions": records(&incident.actions),
            });
            with(
                &Fields::from_iter([("id".to_owned(), incident.id.to_string().into())]),
                with(&incident.fields, more),
            )
        })
        .collect();
    json!({ "as_of": book.day(), "incidents": lines })
}

fn deploys(book: &Book<'_>) -> Value {
    json!({
        "as_of": book.day(),
        "deploys": records(&book.operations.deploys),
        "changes": records(&book.operations.changes),
    })
}

fn conformance(book: &Book<'_>) -> Value {
    let found = &book.conformance;
    let lines: Vec<Value> = found
        .requirements
        .iter()
        .map(|view| {
            json!({
                "id": view.id, "area": view.area, "title": view.title,
                "status": view.status.name(),
                "found": book.public.sentence(&view.id, &view.sentence),
                "evidence": view.evidence.iter()
                    .filter(|one| book.public.may_show(one.kind.name(), &one.id))
                    .map(|one| json!({ "kind": one.kind, "id": one.id }))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "as_of": book.day(),
        "framework": found.version,
        "phase": book.phase,
        "areas": found.areas.iter()
            .map(|area| json!({ "area": area.area, "holds": area.holds, "of": area.of }))
            .collect::<Vec<_>>(),
        "requirements": lines,
    })
}
