//! What was worked out of the whole book by the program that wrote the archive: late entries, roles,
//! how the framework is kept. Each is a table in `reports/` and a page.

use super::super::html::text;
use super::super::tables::{Cell, Field, Table, field, plain, writer};
use super::super::{Error, Export, Report};
use super::{begin, put};
use commonhold_core::table::ColumnType;

/// Most rows a page shows; the table holds all.
const MOST: usize = 2_000;

fn fields(report: &Report) -> Vec<Field> {
    let one = |(name, help): &(&'static str, &'static str)| {
        field(name, Cell::As(ColumnType::Text), help, false)
    };
    report.columns.iter().map(one).collect()
}

/// Writes the tables of all reports.
pub(in super::super) fn write_tables(work: &mut Export<'_>) -> Result<(), Error> {
    work.reports = work.source.reports()?;
    for report in &work.reports {
        let rows = u64::try_from(report.rows.len()).unwrap_or(u64::MAX);
        let (name, title) = (report.name.to_owned(), report.title.to_owned());
        let fields = fields(report);
        let table = Table { area: "reports", name, title, fields, rows, unique: false };
        let path = format!("data/{}", table.path());
        work.progress.at(&path)?;
        work.bag.start(&path, true)?;
        let mut out = writer(&mut work.bag);
        out.write_record(table.fields.iter().map(|field| &field.name))?;
        for row in &report.rows {
            out.write_record(row.iter().map(|cell| plain(cell.clone())))?;
        }
        out.flush()?;
        drop(out);
        work.bag.end();
        work.tables.push(table);
    }
    Ok(())
}

/// Writes a page for each report.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for report in std::mem::take(&mut work.reports) {
        let mut page = begin(work, report.title);
        page.paragraph(report.note);
        let file = format!("{}.csv", report.name);
        page.from(&[(format!("../reports/{file}").as_str(), file.as_str())]);
        let heads: Vec<String> =
            report.columns.iter().map(|(name, _)| name.replace('_', " ")).collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        page.table("", &heads);
        for row in report.rows.iter().take(MOST) {
            let cells: Vec<_> = row.iter().map(text).collect();
            page.row("", &cells);
        }
        page.end();
        if report.rows.is_empty() {
            page.paragraph("There are none.");
        }
        put(work, report.name, report.title, page)?;
    }
    Ok(())
}
