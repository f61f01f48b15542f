//! `index.html`: one readable page without scripts and without requests to anywhere.

use super::book::{Book, Sum};
use super::{Error, Export};
use commonhold_core::money::{Currency, Money};

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
color:light-dark(#1b1b1b,#e8e8e8);background:light-dark(#fff,#161616)}
h1,h2{line-height:1.2}
a{color:light-dark(#0b57a4,#8ab8ff)}
table{border-collapse:collapse;width:100%}
caption{text-align:start;padding:.5rem 0;font-weight:600}
th,td{text-align:start;vertical-align:top;padding:.25rem .5rem;\
border-bottom:1px solid light-dark(#ccc,#444)}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}
@media print{body{max-width:none;margin:0}}
";

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn amount(sum: Sum, currency: Currency) -> String {
    sum.map_or_else(|| "too large".into(), |minor| Money::new(minor, currency).to_string())
}

fn head(out: &mut String, caption: &str, columns: &[&str]) {
    out.push_str(&format!("<div class=\"wide\"><table><caption>{caption}</caption><thead><tr>"));
    for column in columns {
        let class = if *column == "Amount" { " class=\"number\"" } else { "" };
        out.push_str(&format!("<th scope=\"col\"{class}>{column}</th>"));
    }
    out.push_str("</tr></thead><tbody>\n");
}

fn cells(out: &mut String, texts: &[&str], number: &str) {
    out.push_str("<tr>");
    for text in texts {
        out.push_str(&format!("<td>{}</td>", escape(text)));
    }
    out.push_str(&format!("<td class=\"number\">{}</td></tr>\n", escape(number)));
}

fn balances(out: &mut String, book: &Book) {
    let Some(last) = book.last_day() else {
        out.push_str("<p>The book holds no transaction in effect.</p>\n");
        return;
    };
    head(out, &format!("What each fund held after {last}"), &["Fund", "Amount"]);
    for ((fund, currency), sum) in book.fund_sums() {
        cells(out, &[&book.fund_name(&fund)], &amount(sum, currency));
    }
    out.push_str("</tbody></table></div>\n");
    head(out, &format!("What each account stood at after {last}"), &["Account", "Amount"]);
    let mut rows: Vec<(String, String)> = Vec::new();
    for (id, account) in &book.accounts {
        let path = book.account_path(id);
        let sums = account.sums.iter();
        rows.extend(sums.map(|(currency, sum)| (path.clone(), amount(*sum, *currency))));
    }
    rows.sort();
    for (path, sum) in rows {
        cells(out, &[&path], &sum);
    }
    out.push_str("</tbody></table></div>\n");
    out.push_str("<p>Double entry: income is negative, expenses are positive.</p>\n");
}

fn latest(out: &mut String, book: &Book) {
    let count = book.latest.len();
    let caption = format!("The last {count} transactions in effect, newest first");
    head(out, &caption, &["Day", "Who", "What for", "Account", "Fund", "Amount"]);
    for ((day, _), entry) in book.latest.iter().rev() {
        for (line, (account, fund, money)) in entry.lines.iter().enumerate() {
            let (path, fund) = (book.account_path(account), book.fund_name(fund));
            let day = day.to_string();
            let first = [day.as_str(), &entry.payee, &entry.narration];
            let [day, who, what] = if line == 0 { first } else { ["", "", ""] };
            cells(out, &[day, who, what, &path, &fund], &money.to_string());
        }
    }
    out.push_str("</tbody></table></div>\n");
}

fn links(out: &mut String, work: &Export<'_>) {
    head(out, "The tables", &["Table", "What is in it", "Rows"]);
    for table in &work.tables {
        out.push_str(&format!(
            "<tr><td><a href=\"{path}\">{path}</a></td><td>{}</td><td>{}</td></tr>\n",
            escape(&table.title),
            table.rows,
            path = table.path(),
        ));
    }
    out.push_str("</tbody></table></div>\n<ul>\n");
    for (path, what) in [
        ("README.txt", "how to read, check and restore this archive"),
        ("finance/ledger.beancount", "the entries in effect, for Beancount"),
        ("finance/ledger.journal", "the entries in effect, for hledger and Ledger"),
        ("datapackage.json", "what every column of every table means"),
        ("ro-crate-metadata.json", "every file, for machines"),
    ] {
        out.push_str(&format!("<li><a href=\"{path}\">{path}</a>: {what}</li>\n"));
    }
    out.push_str("</ul>\n");
}

/// Writes `index.html`; all tables must have been written.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let book = &work.book;
    let name = escape(&book.name);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name}: complete archive</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{name}</h1>\n<p>{}</p></header>\n<main>\n\
         <p>This is the complete archive of this open service, written at {}. It opens without \
         any program: the tables below open in a spreadsheet, the texts in an editor.</p>\n\
         <h2>Money</h2>\n",
        escape(&book.purpose),
        work.written,
    );
    balances(&mut out, book);
    out.push_str("<h2>What is in this archive</h2>\n");
    links(&mut out, work);
    if !book.latest.is_empty() {
        out.push_str("<h2>Transactions</h2>\n");
        latest(&mut out, book);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    work.bag.whole("data/index.html", out.as_bytes())
}
