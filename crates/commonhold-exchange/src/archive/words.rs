//! What an archive says in plain words: README, bag-info, licence, and names made from names.

use super::{Error, Export, VERSION, attachments};
use commonhold_core::records::Kind;

/// Names no file may have on Windows, with any ending.
const DEVICE_NAMES: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whether Windows keeps a name (without ending) for a device.
pub(super) fn is_device_name(name: &str) -> bool {
    DEVICE_NAMES.contains(&name)
}

/// A folder name made from a service's name: lower-case ASCII letters, digits and hyphens, at
/// most 60, usable on every system.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
        if out.len() >= 59 {
            break;
        }
    }
    let out = out.trim_matches('-');
    match out {
        "" => "archive".into(),
        name if is_device_name(name) => format!("{name}-archive"),
        name => name.to_owned(),
    }
}

/// A text on one line: every run of white space or control characters is one space.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of `bag-info.txt` except the last, which counts the payload.
pub(super) fn bag_info(work: &Export<'_>) -> String {
    let name = one_line(&work.book.name);
    format!(
        "Source-Organization: {name}\n\
         External-Description: Complete archive of the open service {name}\n\
         External-Identifier: commonhold-book:{book}\n\
         Bagging-Date: {date}\n\
         Bag-Software-Agent: Commonhold {program}\n\
         Commonhold-Archive: {VERSION}\n\
         Commonhold-Book: {book}\n\
         Commonhold-Written: {written}\n\
         Commonhold-Records: {records}\n",
        book = work.source.book(),
        date = work.written.date(),
        written = work.written,
        program = env!("CARGO_PKG_VERSION"),
        records = work.records,
    )
}

/// Writes `LICENSES/<SPDX id>.txt`.
pub(super) fn write_license(work: &mut Export<'_>) -> Result<(), Error> {
    let license = work.book.license.clone();
    let text = if license == "CC0-1.0" {
        include_str!("cc0-1.0.txt").to_owned()
    } else {
        format!("{license}: see https://spdx.org/licenses/{license}.html\n")
    };
    work.bag.whole(&format!("data/LICENSES/{license}.txt"), text.as_bytes())
}

/// Writes the scripts that count again what the archive says.
pub(super) fn write_scripts(work: &mut Export<'_>) -> Result<(), Error> {
    work.bag.whole("data/recompute.py", include_bytes!("recompute.py"))?;
    work.bag.whole("data/recount.py", include_bytes!("recount.py"))
}

/// Writes `README.txt`.
pub(super) fn write_readme(work: &mut Export<'_>) -> Result<(), Error> {
    let mut areas: Vec<(&str, Vec<&str>)> = Vec::new();
    for table in &work.tables {
        match areas.iter_mut().find(|(area, _)| *area == table.area) {
            Some((_, names)) => names.push(&table.name),
            None => areas.push((table.area, vec![&table.name])),
        }
    }
    let mut folders = String::new();
    for (area, names) in areas {
        folders.push_str(&format!("  {:<14} tables: {}\n", format!("{area}/"), names.join(", ")));
    }
    let states = counts(work);
    let text = README
        .replace("{name}", &one_line(&work.book.name))
        .replace("{written}", &work.written.to_string())
        .replace("{book}", &work.source.book().to_string())
        .replace("{license}", &work.book.license)
        .replace("{folders}", &folders)
        .replace("{states}", &states)
        .replace("{attachments}", &attachments::in_words(&work.attachments));
    work.bag.whole("data/README.txt", text.as_bytes())
}

fn counts(work: &Export<'_>) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let (all, ok) = work.book.counts.get(kind).copied().unwrap_or_default();
        out.push_str(&format!("  {:<14} {all} in all, {ok} in effect\n", kind.plural()));
    }
    out
}

const README: &str = "\
WHAT THIS IS
This folder is the complete archive of one open service, \"{name}\",
written at {written}. You need no special program to read it.
Begin with index.html, which opens in any browser.

WHAT IS IN IT
{folders}  finance/       also ledger.beancount and ledger.journal: the entries in effect, for
                 the programs Beancount, hledger and Ledger; trial-balance.csv: what
                 each fund holds on each account
  html/          pages that show all this to people; index.html leads to them
  records/       every record in full, one JSON text a line
  schemas/       what each field of those JSON texts means (JSON Schema)
  crdt/          the documents with their editing history (automerge; for the program only)
  objects/       what each device signed, in order: the book is restored from these
  LICENSES/      under which terms this may be used: {license}
datapackage.json explains every column of every table. ro-crate-metadata.json names every file.

HOW MANY RECORDS
{states}{attachments}
HOW TO READ THE TABLES
All text is UTF-8. Days are YYYY-MM-DD, times are UTC. Amounts use a decimal point.
Nothing is ever deleted. The column \"state\" says what counts: \"ok\" is in effect;
\"withdrawn\", \"superseded\" (replaced by a correction), \"rival\" (written twice while apart) and
\"rejected\" (breaks a rule, see \"problems\") are kept for the record and count for nothing.
A transaction is several lines in the table of postings, which sum to zero for each currency and
each fund. Double entry: money that comes in is positive on an asset account and negative on an
income account. The column \"more\" holds, as JSON, what fits in no other column.
A cell that begins with = + - or @ is text; if you open tables of strangers in a spreadsheet, let
it treat all columns as text.

HOW TO CHECK THAT NOTHING IS DAMAGED
In the folder above this one:  sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
(Windows: certutil -hashfile FILE SHA256 shows the sum of one file.) Do not add files to this
folder: the check would name them. The signatures are checked by: commonhold verify FILE.zip

HOW TO COUNT AGAIN WHAT IT SAYS
Two short programs in this folder need nothing but Python 3; read them first, they are made for it.
python3 recompute.py adds up the postings for each fund and account and compares them with
finance/trial-balance.csv. python3 recount.py counts the ballots of every vote and compares them
with the signed counts. Both say what they find and end with exit code 1 if something differs.

HOW TO BRING IT BACK TO LIFE
Install Commonhold and choose \"Restore\", or: commonhold restore FILE.zip
It reads objects/ only. Each file there is a row of objects; before each stand four bytes, its
length (most significant byte first). An object is: the letters CHO1, an Ed25519 signature
(64 bytes), then the signed text, whose payload (zstd) holds automerge changes.
The book's number is {book}.
";
