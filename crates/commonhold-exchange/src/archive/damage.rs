//! What a damage means, in plain words.

use commonhold_core::records::Kind;

/// What is said where nothing of the records is touched.
pub(super) const UNAFFECTED: &str = "; no record is affected";

/// Why a file nobody named may be there, when its name tells.
pub(super) fn stray(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == ".DS_Store" || name.starts_with("._") || path.starts_with("__MACOSX/") {
        " (the Finder of a Mac puts such files into folders it shows; it may be removed)"
    } else if ["Thumbs.db", "desktop.ini"].contains(&name) {
        " (Windows puts such files into folders it shows; it may be removed)"
    } else {
        ""
    }
}

/// Which records a damaged file concerns, and where else they are, in plain words.
pub(super) fn affected(path: &str) -> String {
    let Some(inner) = path.strip_prefix("data/") else {
        return "; it holds check sums or labels, no records".into();
    };
    let stem = inner.rsplit('/').next().unwrap_or(inner).split('.').next().unwrap_or_default();
    let folder = inner.split('/').next().unwrap_or_default();
    let ledger = ["finance/ledger.beancount", "finance/ledger.journal"].contains(&inner);
    let table = inner.matches('/').count() == 1 && inner.ends_with(".csv");
    let kind = Kind::ALL
        .iter()
        .find(|kind| inner.starts_with(&format!("{}/{}/", kind.area(), kind.plural())));
    match (folder, kind) {
        ("attachments", _) if table => "; it lists the attachments".into(),
        ("attachments", _) => {
            "; it is a file that records name, and other devices of the service may have it".into()
        }
        ("objects", _) => {
            format!(
                "; it concerns everything the device with the log {} wrote: without it the book \
                 cannot be restored whole, while the tables and records/ can still be read",
                short(stem)
            )
        }
        ("crdt", _) if inner.ends_with(".automerge") => format!(
            "; it concerns the document “{}”, which objects/ and records/ hold too",
            stem.replace("__", "/")
        ),
        ("crdt", _) => "; it is the list of documents".into(),
        ("html", _) | ("index.html", _) => {
            "; it is a page that shows records and holds none: the tables hold them all".into()
        }
        ("reports", _) => {
            "; it was worked out of the records when the archive was written, and holds none".into()
        }
        ("records", _) => format!("; it concerns the {stem}, which their table in CSV holds too"),
        ("schemas", _) => format!("; it explains the fields of the kind “{stem}”"),
        (_, Some(kind)) => {
            format!("; it is a text of {} {}, which records/ holds too", kind.name(), short(stem))
        }
        _ if inner == super::trial_balance::PATH => {
            "; it concerns the sums of the transactions, which recompute.py adds up again".into()
        }
        _ if ledger => {
            "; it concerns the transactions for the ledger programs, which the tables hold too"
                .into()
        }
        _ if table => format!("; it concerns the table of {stem}, which records/ holds too"),
        _ => "; it describes the archive and holds no records".into(),
    }
}

fn short(text: &str) -> String {
    text.chars().take(8).collect()
}
