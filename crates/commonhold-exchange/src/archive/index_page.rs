//! `index.html`: the first page, which leads to all others, to every table, and says how to check
//! what the archive says.

use super::book::Book;
use super::html::{Cell, Page, amount, text};
use super::{Error, Export, pages, words};
use commonhold_core::records::Kind;

/// Most accounts that are shown here; the trial balance has all.
const MOST: usize = 500;

fn balances(page: &mut Page, book: &Book) {
    page.heading(2, "money", "Money");
    let Some(last) = book.last_day() else {
        return page.paragraph("The book holds no transaction in effect.");
    };
    page.from(&[
        ("html/trial-balance.html", "the trial balance of each fund"),
        ("finance/trial-balance.csv", "trial-balance.csv"),
        ("finance/postings.csv", "postings.csv"),
    ]);
    page.table(&format!("What each fund held after {last}"), &["Fund", "#Amount"]);
    for ((fund, currency), sum) in book.fund_sums() {
        let link = format!("html/trial-balance.html#r-{fund}");
        let sum = Cell::Number(amount(sum, currency));
        page.row("", &[Cell::Link(link, book.fund_name(&fund)), sum]);
    }
    page.end();
    page.table(&format!("What each account stood at after {last}"), &["Account", "#Amount"]);
    let mut rows: Vec<(String, String)> = Vec::new();
    for (id, account) in &book.accounts {
        let path = book.account_path(id);
        let sums = account.sums.iter();
        rows.extend(sums.map(|(currency, sum)| (path.clone(), amount(*sum, *currency))));
    }
    rows.sort();
    for (path, sum) in rows.into_iter().take(MOST) {
        page.row("", &[text(path), Cell::Number(sum)]);
    }
    page.end();
    page.paragraph("Double entry: income is negative, expenses are positive.");
}

/// Links to the pages; those of the ledger apart, since there is one for each month.
fn contents(page: &mut Page, work: &Export<'_>) {
    let entry =
        |written: &pages::Written| (written.path.clone(), written.title.clone(), String::new());
    let is_month = |written: &&pages::Written| written.path.starts_with("html/ledger-");
    let rest: Vec<_> = work.pages.iter().filter(|p| !is_month(p)).map(entry).collect();
    let months: Vec<_> = work.pages.iter().filter(is_month).map(entry).collect();
    page.heading(2, "pages", "What there is to read");
    page.list(&rest);
    if !months.is_empty() {
        page.heading(2, "ledger", "Ledger by month");
        page.list(&months);
    }
}

fn counts(page: &mut Page, work: &Export<'_>) {
    page.heading(2, "tables", "Tables");
    page.table("", &["Table", "What is in it", "#Rows", "#In effect"]);
    for table in &work.tables {
        let kind = Kind::ALL.iter().find(|kind| kind.plural() == table.name);
        let in_effect = kind.and_then(|kind| work.book.counts.get(kind)).map(|(_, ok)| *ok);
        let cells = [
            Cell::Link(table.path(), table.path()),
            text(&table.title),
            Cell::Number(table.rows.to_string()),
            Cell::Number(in_effect.map(|ok| ok.to_string()).unwrap_or_default()),
        ];
        page.row("", &cells);
    }
    page.end();
    let files = [
        "README.txt",
        "recompute.py",
        "recount.py",
        "finance/ledger.beancount",
        "finance/ledger.journal",
        "datapackage.json",
        "ro-crate-metadata.json",
    ];
    let files = files.map(|path| (path.to_owned(), path.to_owned(), pages::describe(path)));
    page.list(&files);
}

fn checks(page: &mut Page) {
    page.heading(2, "check", "Check it yourself");
    page.paragraph("Nothing is damaged or missing, in the folder above data:");
    page.typed("sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt");
    page.paragraph(
        "The sums and the votes are right, in the folder data. Both programs are short: read them \
         before you run them. Exit code 1 means that something differs.",
    );
    page.typed("python3 recompute.py\npython3 recount.py");
    page.paragraph("The signatures are good, and which records damage concerns, with Commonhold:");
    page.typed("commonhold verify FILE");
}

/// Writes `index.html`; all tables and pages must have been written.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let name = words::one_line(&work.book.name);
    let mut page = Page::new(&format!("{name}: complete archive"), None);
    if !work.book.purpose.is_empty() {
        page.paragraph(&work.book.purpose);
    }
    page.paragraph(&format!(
        "This is the complete archive of this open service, written at {}. It opens without any \
         program: these pages in a browser, the tables in a spreadsheet, the texts in an editor.",
        work.written
    ));
    balances(&mut page, &work.book);
    contents(&mut page, work);
    counts(&mut page, work);
    checks(&mut page);
    work.bag.whole("data/index.html", page.finish().as_bytes())
}
