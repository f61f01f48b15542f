//! What an archive says of the whole service beside its records: entries that came late, who had
//! which role, how the framework is kept. An auditor reads it without the program.

use commonhold_core::framework::conformance::conformance;
use commonhold_core::framework::facts::Facts;
use commonhold_core::id::BookId;
use commonhold_core::reports::finance::{clock, closing};
use commonhold_core::store::{Error, Reader};
use commonhold_core::{Date, authority};
use commonhold_exchange::archive::Report;

/// All reports, as of a day.
pub fn all(reader: &Reader, book: &BookId, at: Date) -> Result<Vec<Report>, Error> {
    let facts = Facts::read(reader, book, at)?;
    Ok(vec![after_closes(reader, book)?, late(reader, book, at)?, roles(&facts), framework(&facts)])
}

fn words(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn after_closes(reader: &Reader, book: &BookId) -> Result<Report, Error> {
    let mut rows = Vec::new();
    for close in closing::list(reader, book)?.closes {
        for entry in close.late {
            rows.push(vec![
                close.from.to_string(),
                close.to.to_string(),
                entry.what,
                day(entry.date),
                entry.title,
                entry.amounts.join(", "),
                entry.transaction.to_string(),
                entry.sentence,
            ]);
        }
    }
    Ok(Report {
        name: "entries-after-closes",
        title: "Entries that differ from closed periods",
        note: "An entry is listed when a period was closed and the entry came, was corrected or was \
               withdrawn afterwards; of each close the first two hundred.",
        columns: &[
            ("from", "First day of the closed period."),
            ("to", "Last day of the closed period."),
            ("what", "late, correction or gone."),
            ("date", "The entry's day."),
            ("title", "What it is called."),
            ("amounts", "What it did to accounts that hold money."),
            ("transaction", "Its id."),
            ("sentence", "What happened."),
        ],
        rows,
    })
}

fn late(reader: &Reader, book: &BookId, at: Date) -> Result<Report, Error> {
    let found = clock::clock(reader, book, at)?;
    let row = |line: clock::ClockLine| {
        vec![
            line.date.to_string(),
            day(line.published),
            line.working_days.to_string(),
            line.title,
            line.transaction.to_string(),
        ]
    };
    Ok(Report {
        name: "late-publications",
        title: "Entries that were public late",
        note: "Every entry should be public within one working day. Listed are those that were not, \
               or are not public yet; the newest two hundred.",
        columns: &[
            ("date", "The entry's day."),
            ("published", "The day the public saw it first; empty while it has not."),
            ("working_days", "Working days between them."),
            ("title", "What it is called."),
            ("transaction", "Its id."),
        ],
        rows: found.rows.into_iter().map(row).collect(),
    })
}

fn roles(facts: &Facts) -> Report {
    let row = |member: &commonhold_core::framework::facts::Member| {
        let roles: Vec<&str> = member.roles.iter().copied().map(authority::Role::name).collect();
        vec![member.name.clone(), roles.join(", "), day(member.since), member.person.to_string()]
    };
    Report {
        name: "roles",
        title: "Who belongs, with their roles",
        note: "As it was when the archive was written; statements of earlier times are in the objects.",
        columns: &[
            ("name", "Their name, as they chose it."),
            ("roles", "Their roles."),
            ("since", "First day of the oldest role in force."),
            ("person", "The id of their record."),
        ],
        rows: facts.team.iter().map(row).collect(),
    }
}

fn framework(facts: &Facts) -> Report {
    let found = conformance(facts, None);
    let row = |one: &commonhold_core::framework::conformance::RequirementView| {
        words(&[&one.id, &one.area, one.status.name(), &one.title, &one.sentence])
    };
    Report {
        name: "framework",
        title: "How the framework is kept",
        note: "Each requirement of the Open Services framework in force, and what the records say.",
        columns: &[
            ("requirement", "Its id."),
            ("area", "Its area."),
            ("status", "How it stands."),
            ("title", "What is required."),
            ("found", "What was found."),
        ],
        rows: found.requirements.iter().map(row).collect(),
    }
}
