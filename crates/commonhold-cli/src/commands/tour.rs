//! `commonhold tour`: the whole way in one go, with two real profiles.

use super::{Done, today};
use crate::Context;
use crate::output::Output;
use clap::Args;
use commonhold_app::commands::invitations::{self, NewInvitation};
use commonhold_app::commands::{archive, joining, records, reports, sample, status, sync};
use commonhold_app::events::unheard;
use commonhold_app::{App, Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::{BookId, Kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where to play.
#[derive(Args)]
pub struct Tour {
    /// An empty folder for the two profiles [default: a new one among the temporary files]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

struct Stage {
    out: Output,
    place: PathBuf,
    step: u8,
}

impl Stage {
    fn say(&mut self, text: &str) {
        self.step = self.step.saturating_add(1);
        self.out.line(format!("\n{}. {text}", self.step));
    }

    fn detail(&self, text: impl AsRef<str>) {
        self.out.line(format!("   {}", text.as_ref()));
    }
}

/// Runs the tour.
pub fn run(context: &Context, tour: Tour) -> Done {
    let place = place(tour)?;
    let mut stage = Stage { out: context.output, place: place.clone(), step: 0 };
    let (ann_home, ben_home, folder) = (place.join("ann"), place.join("ben"), place.join("shared"));
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, &error))?;

    stage.say("Ann's laptop: a service with half a year of records");
    let mut ann = App::open(&ann_home)?;
    let book = sample::create(&mut ann)?;
    print_reports(&stage, &ann, &book)?;

    stage.say("Ann invites Ben with six words; both compare three words, and she lets him in");
    let mut ben = App::open(&ben_home)?;
    invite(&stage, &mut ann, &mut ben, &book, &folder)?;
    stage.detail(format!(
        "Ben has {} transactions now.",
        ben.reader().count(&book, Kind::Transaction)?
    ));

    stage.say("Both write while apart: a bill, a gift, and the same page");
    let paid = add_transaction(
        &mut ann,
        &book,
        "Backup storage",
        "-18.40 EUR",
        "Expenses:Program:Hosting",
    )?;
    let given = add_transaction(
        &mut ben,
        &book,
        "A gift from the summer fair",
        "75.00 EUR",
        "Income:Donations:OneTime",
    )?;
    edit_page(&mut ann, &book, "Present: Ada, Ben,", "Present: Ada, Ben, Cleo,")?;
    edit_page(&mut ben, &book, "third mirror answers.", "third mirror answers for a week.")?;
    stage.detail(format!("Ann added {paid}; Ben added {given}."));

    stage.say("They meet at the folder again, in any order, and again");
    for _ in 0..2 {
        sync_one(&stage, &mut ben, &book, &folder)?;
        sync_one(&stage, &mut ann, &book, &folder)?;
    }
    let (a, b) = (fingerprint(&ann, &book)?, fingerprint(&ben, &book)?);
    stage.detail(format!("Ann's records: {a}"));
    stage.detail(format!("Ben's records: {b}"));
    if a != b {
        return Err(Failure::new(Code::Internal, "The two laptops differ; please report this."));
    }
    stage.detail(page_line(&ben, &book)?);

    finish(context, &mut stage, &mut ann, &ben, &book)
}

/// The archive, the reports, and where everything lies.
fn finish(context: &Context, stage: &mut Stage, ann: &mut App, ben: &App, book: &BookId) -> Done {
    let place = stage.place.clone();
    stage.say("Everything goes into one file, is checked, and opens in an empty profile");
    let file = place.join("harbor.zip");
    archive_round(stage, ann, book, &file)?;

    stage.say("The reports now");
    print_reports(stage, ben, book)?;
    stage.say("What is there to look at");
    stage.detail(format!("Ann's profile:   {}", place.join("ann").display()));
    stage.detail(format!("Ben's profile:   {}", place.join("ben").display()));
    stage.detail(format!("Shared folder:   {}", place.join("shared").display()));
    stage.detail(format!("The archive:     {}", file.display()));
    stage.detail(format!(
        "Look around:     commonhold --home {} report runway",
        place.join("ann").display()
    ));
    context
        .output
        .value(&json!({"place": place, "book": book, "fingerprint": fingerprint(ben, book)?, "archive": file}));
    Ok(0)
}

fn place(tour: Tour) -> Result<PathBuf, Failure> {
    let process = std::process::id();
    let place = tour
        .into
        .unwrap_or_else(|| std::env::temp_dir().join(format!("commonhold-tour-{process}")));
    std::fs::create_dir_all(&place).map_err(|error| Failure::file(&place, &error))?;
    let mut entries = std::fs::read_dir(&place).map_err(|error| Failure::file(&place, &error))?;
    if entries.next().is_some() {
        return Err(Failure::new(Code::Exists, format!("{} is not empty.", place.display()))
            .hint("Name an empty folder with --into."));
    }
    Ok(place)
}

fn sync_one(stage: &Stage, app: &mut App, book: &BookId, folder: &Path) -> Result<(), Failure> {
    let report = sync::sync_folder(app, Some(*book), folder, &mut unheard)?;
    let who = app.home().file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    for book in report.books {
        stage.detail(format!("{who}: handed over {}, took in {}", book.sent, book.received));
    }
    Ok(())
}

/// Ben joins as treasurer through the folder, as two people would do it.
fn invite(
    stage: &Stage,
    ann: &mut App,
    ben: &mut App,
    book: &BookId,
    folder: &Path,
) -> Result<(), Failure> {
    let wanted = NewInvitation {
        name: "Ben".into(),
        roles: vec![Role::Treasurer, Role::Member],
        days: 7,
        folder: folder.display().to_string(),
        ..Default::default()
    };
    let invitation = invitations::create(ann, book, &wanted)?;
    let words = invitation.words.unwrap_or_default();
    stage.detail(format!("Six words: {words}"));
    let asked = joining::start(ben, &folder.display().to_string(), &words, "Ben", "Ben's laptop")?;
    for request in invitations::requests(ann, book)? {
        stage.detail(format!("Ann sees “{}”, Ben sees “{}”.", request.words, asked.words));
        if request.words == asked.words {
            invitations::confirm(ann, book, &request.id)?;
        }
    }
    let state = joining::check(ben, &asked.id, &mut unheard)?.state;
    stage.detail(format!("Ben: {state}."));
    Ok(())
}

fn fingerprint(app: &App, book: &BookId) -> Result<String, Failure> {
    Ok(status::status(app.reader(), book)?.fingerprint)
}

/// The id of the record of a kind whose title begins with a text.
fn find(app: &App, book: &BookId, kind: Kind, title: &str) -> Result<records::RecordRow, Failure> {
    let query = records::Query { limit: 500, ..Default::default() };
    let page = records::list(app.reader(), book, kind, &query)?;
    page.rows
        .into_iter()
        .find(|row| row.title.starts_with(title))
        .ok_or_else(|| Failure::new(Code::NotFound, format!("There is no {kind} “{title}”.")))
}

fn add_transaction(
    app: &mut App,
    book: &BookId,
    what: &str,
    amount: &str,
    other: &str,
) -> Result<String, Failure> {
    let (bank, other) = (
        find(app, book, Kind::Account, "Assets:Bank")?.id,
        find(app, book, Kind::Account, other)?.id,
    );
    let fund = find(app, book, Kind::Fund, "general")?.id;
    let back = amount.parse::<commonhold_core::Money>().map(commonhold_core::Money::negated);
    let back = back.map_err(|message| Failure::new(Code::Invalid, message))?;
    let fields = json!({"date": "2026-06-29", "narration": what, "postings": [
        {"account": bank, "amount": amount, "fund": fund},
        {"account": other, "amount": back, "fund": fund}]});
    records::add(app, book, Kind::Transaction, fields.as_object().cloned().unwrap_or_default())?;
    Ok(format!("“{what}” {amount}"))
}

fn edit_page(app: &mut App, book: &BookId, from: &str, to: &str) -> Result<(), Failure> {
    let page = find(app, book, Kind::Page, "Minutes")?;
    let body = page.fields.get("body").and_then(Value::as_str).unwrap_or_default().to_owned();
    let fields = json!({"body": body.replace(from, to)}).as_object().cloned().unwrap_or_default();
    let base = BTreeMap::from([("body".to_owned(), body)]);
    records::edit(app, book, Kind::Page, &page.id, fields, &base)
}

fn page_line(app: &App, book: &BookId) -> Result<String, Failure> {
    let page = find(app, book, Kind::Page, "Minutes")?;
    let body = page.fields.get("body").and_then(Value::as_str).unwrap_or_default();
    let lines: Vec<&str> = body.lines().filter(|line| !line.is_empty()).collect();
    let both = lines.iter().filter(|l| l.contains("Cleo") || l.contains("for a week")).count();
    Ok(format!("The page holds both edits ({both} of 2 lines changed)."))
}

fn archive_round(stage: &Stage, ann: &mut App, book: &BookId, file: &Path) -> Result<(), Failure> {
    let now = ann.now();
    let done = archive::export(ann.reader(), book, file, now, &mut unheard)?;
    stage.detail(format!(
        "Exported {} records in {} files, {} bytes.",
        done.records, done.files, done.bytes
    ));
    let found = archive::verify(file, &mut unheard)?;
    stage.detail(format!(
        "Verified: {} objects by {} devices, {} problems.",
        found.objects,
        found.signers,
        found.problems.len()
    ));
    let mut cleo = App::open(&stage.place.join("cleo"))?;
    archive::restore(&mut cleo, file, &mut unheard)?;
    let same = fingerprint(&cleo, book)? == fingerprint(ann, book)?;
    if !same || !found.ok {
        return Err(Failure::new(
            Code::Internal,
            "The restored records differ; please report this.",
        ));
    }
    stage.detail("Restored into an empty profile: the records are identical.");
    Ok(())
}

fn print_reports(stage: &Stage, app: &App, book: &BookId) -> Result<(), Failure> {
    let overview = reports::overview(app.reader(), book, None, today())?;
    for fund in &overview.balances {
        stage.detail(format!("{:<16} {:>14}  {}", fund.name, fund.total, fund.restriction));
    }
    let months = overview.runway.months.clone().unwrap_or_else(|| "?".into());
    stage.detail(format!("{:<16} {:>14}", "total", overview.total));
    stage.detail(format!("Runway without any income: {months} months"));
    stage.detail(format!("  = {}", overview.runway.formula));
    let percent = overview.coverage.percent.clone().unwrap_or_else(|| "?".into());
    stage.detail(format!("Coverage: {percent} % = {}", overview.coverage.formula));
    for ratio in reports::efficiency(app.reader(), book, None, today())?.rows {
        stage.detail(format!("{}: {} ({})", ratio.label, ratio.value, ratio.amounts));
    }
    Ok(())
}
