//! Services: list them, begin one, read what is known of one elsewhere.

use super::imports::account_fields;
use super::sample::{new_record, record_with_id};
use super::{count, sync};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::framework::moves;
use commonhold_core::records::product::service::Service;
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::reports::finance::runway::runway;
use commonhold_core::store::{Act, Reader};
use commonhold_core::{BookId, Date, Kind, Money, Problem};
use commonhold_exchange::import::ecosystems;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

/// One service of the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ServiceSummary {
    /// The book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// Its name.
    pub name: String,
    /// Its phase.
    pub phase: String,
    /// Its product category.
    pub category: String,
    /// Months the money lasts without income; nothing while it is not known.
    pub runway_months: Option<String>,
    /// Whether recurring income covers the expenses.
    pub runway_covered: bool,
    /// Transactions that count.
    pub transactions: u32,
    /// Objects that were not taken in.
    pub problems: u32,
}

/// This device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DeviceInfo {
    /// Its public key, hexadecimal; empty while the profile is open for reading only.
    pub key: String,
    /// The first digits, for a person to compare.
    pub short: String,
    /// What the machine calls itself.
    pub name: String,
}

/// The profile as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AppState {
    /// Its folder.
    pub home: String,
    /// This device.
    pub device: DeviceInfo,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// Version of the program.
    pub version: String,
    /// Its services.
    pub services: Vec<ServiceSummary>,
}

/// A cost that comes every month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MonthlyCost {
    /// What for.
    pub label: String,
    /// How much.
    pub amount: String,
}

/// What beginning a service asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct NewService {
    /// Its name.
    pub name: String,
    /// What it is and for whom.
    pub purpose: String,
    /// Its product category.
    pub category: String,
    /// The phase it is in.
    pub phase: String,
    /// The currency reports are written in.
    pub reporting_currency: String,
    /// What is paid each month.
    pub monthly_costs: Vec<MonthlyCost>,
    /// Where people find it.
    pub homepage: Option<String>,
    /// Where its source is.
    pub repository: Option<String>,
    /// The name or pseudonym of who begins it.
    pub founder: Option<String>,
}

/// Accounts every new service begins with, so that nobody is asked for a chart of accounts.
const ACCOUNTS: &[&str] = &[
    "Assets:Bank",
    "Equity:Opening",
    "Equity:InterFund",
    "Income:Donations:Recurring",
    "Income:Donations:OneTime",
    "Income:Grants",
    "Expenses:Program:Hosting",
    "Expenses:Program:Development",
    "Expenses:Admin:Bank",
    "Expenses:Admin:Domains",
    "Expenses:Fundraising:ProcessorFees",
];

/// The services of a profile.
pub fn list(reader: &Reader, today: Date) -> Result<Vec<ServiceSummary>, Failure> {
    reader.books()?.iter().map(|info| summary(reader, &info.id, today)).collect()
}

fn summary(reader: &Reader, book: &BookId, today: Date) -> Result<ServiceSummary, Failure> {
    let ledger = Ledger::load(reader, book, None, today)?;
    let runway = runway(&ledger);
    let mut profile = commonhold_core::json::Fields::new();
    reader.each(book, Kind::Service, &mut |row| {
        profile = row.fields;
        false
    })?;
    let known: Service = serde_json::from_value(Value::Object(profile.clone())).unwrap_or_default();
    let text =
        |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(ServiceSummary {
        book: *book,
        name: sync::name_of(reader, book)?,
        phase: moves::way(reader, book, &known, today)?.phase,
        category: text("category"),
        runway_months: runway.months,
        runway_covered: runway.covered,
        transactions: count(reader.count(book, Kind::Transaction)?),
        problems: count(reader.refused(book)?.len()),
    })
}

/// The profile as a whole.
pub fn state(app: &mut App) -> Result<AppState, Failure> {
    let today = app.today();
    let device = app.store().ok().map(|store| store.device());
    Ok(AppState {
        home: app.home().display().to_string(),
        device: DeviceInfo {
            key: device.map(|d| d.to_string()).unwrap_or_default(),
            short: device.map(|d| d.short()).unwrap_or_default(),
            name: machine_name(),
        },
        read_only: app.read_only().map(str::to_owned),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        services: list(app.reader(), today)?,
    })
}

pub(crate) fn machine_name() -> String {
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    match name.trim() {
        "" => "This computer".to_owned(),
        name => name.chars().filter(|c| !c.is_control()).take(60).collect(),
    }
}

/// Begins a service.
pub fn create(app: &mut App, new: &NewService) -> Result<BookId, Failure> {
    app.store()?;
    let fields = json!({
        "name": new.name, "purpose": new.purpose, "category": new.category, "phase": new.phase,
        "framework": "v1", "homepage": new.homepage, "repository": new.repository,
        "reporting_currency": new.reporting_currency,
    });
    let fields: commonhold_core::json::Fields = fields
        .as_object()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .filter(|(_, v)| !v.is_null())
        .collect();
    let mut problems = (Kind::Service.info().judge)(&fields).problems;
    if matches!(new.phase.as_str(), "closing" | "closed") {
        let message = "begins as evaluating, starting or operating; its end is a move, decided on.";
        problems.push(Problem::new("phase", message));
    }
    for cost in &new.monthly_costs {
        if let Err(message) = cost.amount.parse::<Money>() {
            problems.push(Problem::new("monthly_costs", message));
        }
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let now = app.now();
    let nonce = crate::profile::random(app.world())?;
    let person = app.fresh_id()?;
    let genesis = app.store()?.genesis_of(&new.name, now, nonce, person, &machine_name());
    let book = genesis.book();
    let mut acts: Vec<Act> = new_record(app, &book, Kind::Service, fields)?;
    let founder = new.founder.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let founder = json!({"public_name": founder.unwrap_or("Founder")});
    let founder = founder.as_object().cloned().unwrap_or_default();
    acts.extend(record_with_id(app, &book, Kind::Person, person, founder)?);
    for path in ACCOUNTS {
        acts.extend(new_record(app, &book, Kind::Account, account_fields(path))?);
    }
    let general =
        json!({"name": "general", "restriction": "unrestricted", "purpose": "Running the service"});
    acts.extend(new_record(
        app,
        &book,
        Kind::Fund,
        general.as_object().cloned().unwrap_or_default(),
    )?);
    if !new.monthly_costs.is_empty() {
        let page = costs_page(&new.monthly_costs);
        acts.extend(new_record(app, &book, Kind::Page, page)?);
    }
    app.begin(&genesis, &acts)?;
    Ok(book)
}

/// What is paid each month, as a page, so that nothing a founder typed is lost.
fn costs_page(costs: &[MonthlyCost]) -> commonhold_core::json::Fields {
    let lines: String =
        costs.iter().map(|cost| format!("- {}: {}\n", cost.label.trim(), cost.amount)).collect();
    let page = json!({"title": "What we pay each month", "kind": "page",
        "body": format!("# What we pay each month\n\n{lines}")});
    page.as_object().cloned().unwrap_or_default()
}

/// Reads an ecosyste.ms project record to fill in what beginning a service asks.
pub fn read_ecosystems(path: &Path) -> Result<NewService, Failure> {
    let bytes = super::imports::read_file(path)?;
    let draft = ecosystems::read_project(&bytes)?;
    Ok(NewService {
        name: draft.name,
        purpose: draft.purpose,
        category: draft.category.unwrap_or_default(),
        phase: "evaluating".into(),
        reporting_currency: "EUR".into(),
        monthly_costs: Vec::new(),
        homepage: draft.homepage,
        repository: draft.repository,
        founder: None,
    })
}
