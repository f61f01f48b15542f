//! The service in numbers for a monitor: Prometheus text format 0.0.4. Numbers are decimal texts
//! made of whole numbers; nothing is a float.

use crate::commands::{framework, reports};
use crate::failure::Failure;
use commonhold_core::framework::facts::all;
use commonhold_core::projection::State;
use commonhold_core::records::finance::fund::Fund;
use commonhold_core::records::operations::deploy::Deploy;
use commonhold_core::records::operations::incident::Incident;
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, Money, Time};
use std::collections::{BTreeMap, BTreeSet};

/// The media type of the answer.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is written, name by name.
struct Text(String);

/// A label's value as the format writes it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

impl Text {
    /// Begins a number that goes up and down.
    fn gauge(&mut self, name: &str, help: &str) {
        self.0.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = match labels.is_empty() {
            true => String::new(),
            false => format!("{{{}}}", labels.join(",")),
        };
        self.0.push_str(&format!("{name}{labels} {value}\n"));
    }

    fn one(&mut self, name: &str, help: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.gauge(name, help);
            self.sample(name, &[], &value.to_string());
        }
    }
}

/// The number in an amount such as `412.35 EUR`.
fn number(amount: &str) -> &str {
    amount.split(' ').next().unwrap_or_default()
}

/// Tenths as a decimal number.
fn tenths(tenths: i64) -> String {
    let (sign, whole) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    let (units, rest) = (whole.checked_div(10), whole.checked_rem(10));
    format!("{sign}{}.{}", units.unwrap_or_default(), rest.unwrap_or_default())
}

/// Writes the numbers of a service.
pub fn text(reader: &Reader, book: &BookId, now: Time) -> Result<String, Failure> {
    let _one_moment = reader.view()?;
    let mut out = Text(String::new());
    money(&mut out, reader, book, now)?;
    people(&mut out, reader, book)?;
    conformance(&mut out, reader, book, now)?;
    operations(&mut out, reader, book, now)?;
    Ok(out.0)
}

fn money(out: &mut Text, reader: &Reader, book: &BookId, now: Time) -> Result<(), Failure> {
    let today = now.date();
    let ledger = Ledger::read(reader, book, Some(today), today)?;
    let name = "commonhold_balance";
    out.gauge(name, "Money in accounts, by currency and restriction of the fund.");
    let funds = all::<Fund>(reader, book, Kind::Fund)?;
    let restrictions: BTreeSet<&str> =
        funds.iter().map(|(id, _)| ledger.restriction_of(id)).collect();
    for restriction in restrictions {
        let held = ledger.by_currency(|line| {
            ledger.type_of(&line.account) == "asset"
                && ledger.restriction_of(&line.fund) == restriction
        });
        for amount in held {
            let currency = amount.currency.to_string();
            let labels = [("currency", currency.as_str()), ("restriction", restriction)];
            out.sample(name, &labels, &amount.decimal());
        }
    }
    let overview = reports::overview(reader, book, Some(today), today)?;
    let currency = overview.currency.to_string();
    for (name, help, what) in [
        ("commonhold_income_year", "Income of the last twelve months with entries.", true),
        ("commonhold_expense_year", "Expense of the last twelve months with entries.", false),
    ] {
        let months = overview.months.iter().rev().take(12);
        let amounts = months.map(|month| if what { &month.income } else { &month.expense });
        let amounts = amounts.filter_map(|amount| amount.parse::<Money>().ok());
        let sum = amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.minor));
        out.gauge(name, help);
        let sum = Money::new(sum, overview.currency).decimal();
        out.sample(name, &[("currency", &currency)], &sum);
    }
    let total = Some(number(&overview.total));
    out.one("commonhold_balance_total", "All money in the reporting currency.", total);
    let (runway, coverage) = (&overview.runway, &overview.coverage);
    let covered = Some(u8::from(runway.covered));
    out.one("commonhold_runway_months", "Months the money lasts.", runway.months.as_ref());
    out.one("commonhold_runway_covered", "1: recurring income pays all expenses.", covered);
    let help = "Per cent of the expense that recurring income pays.";
    out.one("commonhold_coverage_percent", help, coverage.percent.as_ref());
    Ok(())
}

fn people(out: &mut Text, reader: &Reader, book: &BookId) -> Result<(), Failure> {
    let counted = |kind: Kind| -> Result<u64, Failure> {
        let mut number = 0_u64;
        reader.each(book, kind, &mut |row| {
            number = number.saturating_add(u64::from(row.state == State::Ok));
            true
        })?;
        Ok(number)
    };
    let (backers, people) = (counted(Kind::Donor)?, counted(Kind::Person)?);
    out.one("commonhold_backers", "Givers that are known, by pseudonym or name.", Some(backers));
    out.one("commonhold_contributors", "People in the record.", Some(people));
    Ok(())
}

fn conformance(out: &mut Text, reader: &Reader, book: &BookId, now: Time) -> Result<(), Failure> {
    let found = framework::conformance(reader, book, None, None, now.date())?;
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for status in ["met", "unmet", "attested", "not-applicable"] {
        counts.insert(status, 0);
    }
    for requirement in &found.requirements {
        let count = counts.entry(requirement.status.name()).or_default();
        *count = count.saturating_add(1);
    }
    let name = "commonhold_requirements";
    out.gauge(name, "Requirements of the Open Services framework, by how they are kept.");
    for (status, count) in counts {
        let labels = [("framework", found.version.as_str()), ("status", status)];
        out.sample(name, &labels, &count.to_string());
    }
    Ok(())
}

fn operations(out: &mut Text, reader: &Reader, book: &BookId, now: Time) -> Result<(), Failure> {
    let name = "commonhold_incidents_open";
    out.gauge(name, "Incidents that are not over, by severity.");
    let incidents = all::<Incident>(reader, book, Kind::Incident)?;
    for severity in commonhold_core::records::operations::incident::SEVERITIES {
        let open = incidents
            .iter()
            .filter(|(_, incident)| incident.severity == *severity && incident.resolved.is_none());
        out.sample(name, &[("severity", severity)], &open.count().to_string());
    }
    let name = "commonhold_deploys";
    out.gauge(name, "Deploys in the record, previews left out, by environment and result.");
    let mut deploys: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (_, deploy) in all::<Deploy>(reader, book, Kind::Deploy)? {
        if !deploy.preview {
            let count = deploys.entry((deploy.environment, deploy.result)).or_default();
            *count = count.saturating_add(1);
        }
    }
    for ((environment, result), count) in &deploys {
        let labels = [("environment", environment.as_str()), ("result", result.as_str())];
        out.sample(name, &labels, &count.to_string());
    }
    let report = super::report::report(reader, book, now)?;
    let figures = &report.deploys;
    let help = "Deploys a week over ninety days.";
    out.one("commonhold_deploys_per_week", help, figures.per_week_tenths.map(tenths));
    let help = "Per cent of deploys of ninety days that failed.";
    out.one("commonhold_deploys_failed_percent", help, figures.failed_tenths.map(tenths));
    let help = "Per cent of deploys of ninety days that a merged change began.";
    out.one("commonhold_deploys_automatic_percent", help, figures.automatic_tenths.map(tenths));
    let help = "Median minutes from the oldest change to the end of its deploy.";
    out.one("commonhold_deploy_lead_minutes", help, figures.lead_minutes);
    let help = "Reviews of incidents that should be public by now.";
    let overdue = Some(report.incidents.reviews_due.len());
    out.one("commonhold_reviews_overdue", help, overdue);
    let help = "Runbooks whose review ran out.";
    out.one("commonhold_runbooks_expired", help, Some(report.runbooks.expired.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_labels_are_written_as_the_format_asks() {
        let mut out = Text(String::new());
        out.sample("a", &[("b", "c\"d\\e\nf")], "1.5");
        assert_eq!(out.0, "a{b=\"c\\\"d\\\\e\\nf\"} 1.5\n");
        assert_eq!((tenths(-5).as_str(), tenths(123).as_str()), ("-0.5", "12.3"));
        assert_eq!(number("-412.35 EUR"), "-412.35");
    }
}
