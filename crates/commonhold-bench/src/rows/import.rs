//! Import of a bank's CSV.

use super::at_most;
use crate::Failed;
use crate::measure::repeat;
use crate::place::Place;
use crate::table::{Row, Table, Value};

/// New rows, then the same file once more: all of them duplicates.
pub fn import(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let (csv, _) = place.files(place.size)?;
    let csv = csv.display().to_string();
    let mut again = Vec::new();
    let ours = repeat(place.repeat, |_| {
        let home = place.empty("import")?;
        let measure = place.import(&home, place.size)?;
        again.push(place.import(&home, place.size)?);
        Ok(measure)
    })?;
    let print = ["-f", &csv, "--rules-file", "rules", "print"];
    let theirs = repeat(place.repeat, |_| place.other("hledger", &print))?;
    let row = Row::of("import from CSV: duplicates checked, signed, durable", ours);
    table.add(
        row.peer("hledger print of the same CSV", Value::Time(theirs.time)).target(at_most(3000)),
    );
    let theirs = repeat(place.repeat, |n| {
        let journal = place.at(&format!("imported-{n}.journal")).display().to_string();
        std::fs::write(&journal, "")?;
        // hledger remembers the last day beside the CSV; forget it.
        let _ = std::fs::remove_file(place.at(&format!(".latest.{}.csv", place.size)));
        place.other("hledger", &["-f", &journal, "import", &csv, "--rules-file", "rules"])
    })?;
    let row = Row::of("the same", ours);
    table.add(
        row.peer("hledger import, not signed", Value::Time(theirs.time)).target(at_most(3000)),
    );
    table.add(Row::of("import of the same file again", crate::measure::median(again)));
    Ok(())
}
