//! Writing pages that need no script and nothing from elsewhere: they work from a folder, on paper
//! and for screen readers.

use super::book::Sum;
use commonhold_core::money::{Currency, Money};

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;\
color:light-dark(#1b1b1b,#e8e8e8);background:light-dark(#fff,#161616)}
h1,h2,h3{line-height:1.2}
a{color:light-dark(#0b57a4,#8ab8ff)}
table{border-collapse:collapse;width:100%}
caption{text-align:start;padding:.5rem 0;font-weight:600}
th,td{text-align:start;vertical-align:top;padding:.25rem .5rem;overflow-wrap:anywhere;\
border-bottom:1px solid light-dark(#ccc,#444)}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}
.from{font-size:.875rem}
section{margin:2rem 0}
pre{white-space:pre-wrap;padding:.75rem;border:1px solid light-dark(#ccc,#444)}
@media print{body{max-width:none;margin:0;font-size:10pt}nav{display:none}a{color:inherit}\
tr,section>h3{break-inside:avoid}thead{display:table-header-group}}
";

/// A text as it may stand in a page.
pub(super) fn escape(text: &str) -> String {
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

/// A text that is not too long for a cell.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 500;
    let mut out: String = text.chars().take(MOST).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// A sum in words.
pub(super) fn amount(sum: Sum, currency: Currency) -> String {
    sum.map_or_else(|| "too large".into(), |minor| Money::new(minor, currency).to_string())
}

/// What stands in a cell.
pub(super) enum Cell {
    Text(String),
    Number(String),
    /// An address inside the archive, seen from its pages, and what it says.
    Link(String, String),
    /// Several links.
    Links(Vec<(String, String)>),
}

/// A cell with a text.
pub(super) fn text(text: impl AsRef<str>) -> Cell {
    Cell::Text(short(text.as_ref()))
}

fn anchor((href, said): &(String, String)) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(said))
}

/// A page being written.
pub(super) struct Page {
    out: String,
    /// Rows and headings so far, to tell when it is long enough.
    pub rows: usize,
}

impl Page {
    /// Begins a page; `home` is where the first page is, seen from it, none on the first itself.
    pub fn new(title: &str, home: Option<&str>) -> Self {
        let title = escape(title);
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        );
        if let Some(home) = home {
            out.push_str(&format!("<nav><a href=\"{home}\">All pages</a></nav>\n"));
        }
        out.push_str(&format!("<main>\n<h1>{title}</h1>\n"));
        Self { out, rows: 0 }
    }

    /// A heading, with a name others can point to; `level` is 2 or 3.
    pub fn heading(&mut self, level: u8, id: &str, title: &str) {
        let id = if id.is_empty() { String::new() } else { format!(" id=\"{}\"", escape(id)) };
        self.out.push_str(&format!("<h{level}{id}>{}</h{level}>\n", escape(title)));
        self.rows = self.rows.saturating_add(1);
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.out.push_str(&format!("<p>{}</p>\n", escape(text)));
    }

    /// What is typed at a command line.
    pub fn typed(&mut self, text: &str) {
        // Line ends are kept, unlike elsewhere.
        let lines: Vec<String> = text.lines().map(escape).collect();
        self.out.push_str(&format!("<pre>{}</pre>\n", lines.join("\n")));
    }

    /// Says where the numbers of the page come from.
    pub fn from(&mut self, tables: &[(&str, &str)]) {
        let links = tables.iter().map(|(href, said)| anchor(&((*href).into(), (*said).into())));
        let links: Vec<String> = links.collect();
        self.out.push_str(&format!("<p class=\"from\">From: {}</p>\n", links.join(", ")));
    }

    /// A list of links, each with what it leads to.
    pub fn list(&mut self, links: &[(String, String, String)]) {
        self.out.push_str("<ul>\n");
        for (href, said, what) in links {
            let link = anchor(&(href.clone(), said.clone()));
            let what = if what.is_empty() { String::new() } else { format!(": {}", escape(what)) };
            self.out.push_str(&format!("<li>{link}{what}</li>\n"));
        }
        self.out.push_str("</ul>\n");
    }

    /// Begins a table; names of columns that begin with `#` are of numbers.
    pub fn table(&mut self, caption: &str, columns: &[&str]) {
        let caption = escape(caption);
        self.out.push_str("<div class=\"wide\"><table>");
        if !caption.is_empty() {
            self.out.push_str(&format!("<caption>{caption}</caption>"));
        }
        self.out.push_str("<thead><tr>");
        for column in columns {
            let (class, name) = match column.strip_prefix('#') {
                Some(name) => (" class=\"number\"", name),
                None => ("", *column),
            };
            self.out.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(name)));
        }
        self.out.push_str("</tr></thead><tbody>\n");
    }

    /// A row; `id` is its name where others point to it.
    pub fn row(&mut self, id: &str, cells: &[Cell]) {
        match id {
            "" => self.out.push_str("<tr>"),
            id => self.out.push_str(&format!("<tr id=\"{}\">", escape(id))),
        }
        for cell in cells {
            match cell {
                Cell::Text(text) => self.out.push_str(&format!("<td>{}</td>", escape(text))),
                Cell::Number(text) => {
                    self.out.push_str(&format!("<td class=\"number\">{}</td>", escape(text)));
                }
                Cell::Link(href, said) => {
                    let link = anchor(&(href.clone(), short(said)));
                    self.out.push_str(&format!("<td>{link}</td>"));
                }
                Cell::Links(links) => {
                    let links: Vec<String> = links.iter().map(anchor).collect();
                    self.out.push_str(&format!("<td>{}</td>", links.join(" ")));
                }
            }
        }
        self.out.push_str("</tr>\n");
        self.rows = self.rows.saturating_add(1);
    }

    /// Ends a table.
    pub fn end(&mut self) {
        self.out.push_str("</tbody></table></div>\n");
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// The whole page.
    pub fn finish(mut self) -> String {
        self.out.push_str("</main>\n</body>\n</html>\n");
        self.out
    }
}
