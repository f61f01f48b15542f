//! Adds transactions until it is killed, and prints the id of each after it is acknowledged.
//! Started by `crash/kill.rs` only.

use commonhold_app::App;
use commonhold_app::commands::records;
use commonhold_core::Kind;
use std::io::Write;
use std::path::PathBuf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let home = PathBuf::from(arguments.next().expect("a profile's folder"));
    let fields = arguments.next().expect("the fields of a transaction as JSON");
    let fields: serde_json::Value = serde_json::from_str(&fields).expect("JSON");
    let mut app = App::open(&home).expect("a profile");
    let book = app.reader().books().expect("books").first().expect("a service").id;
    loop {
        let fields = fields.as_object().cloned().expect("an object");
        let id =
            records::add(&mut app, &book, Kind::Transaction, fields).expect("a written record");
        let mut out = std::io::stdout();
        writeln!(out, "{id}").and_then(|()| out.flush()).expect("somebody reads this");
    }
}
