//! Writes the first inputs of every target to `corpus/<target>/`: what honest devices and files
//! look like, in the form each target takes apart. The same every time.

mod archive;
mod simple;
mod store;

use std::fs;
use std::path::Path;

/// Name and bytes of one input.
pub type Seed = (String, Vec<u8>);

/// An input.
pub fn seed(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Seed {
    (name.into(), bytes.into())
}

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut total = 0;
    for (target, seeds) in [
        ("object", store::objects()),
        ("statement", store::statements()),
        ("keys", store::keys()),
        ("changes", store::changes()),
        ("document", store::documents()),
        ("receive", store::received()),
        ("bundle", simple::bundles()),
        ("folder", store::folders()),
        ("joining", simple::joining()),
        ("words", simple::words()),
        ("import_csv", simple::csv()),
        ("import_open_collective", simple::open_collective()),
        ("import_ecosystems", simple::ecosystems()),
        ("import_camt", simple::statements("camt-")),
        ("import_ofx", simple::statements("ofx-")),
        ("import_mt940", simple::statements("mt940-")),
        ("import_platforms", simple::platforms()),
        ("import_operations", simple::operations()),
        ("mask", simple::masked()),
        ("age", simple::age()),
        ("archive", archive::archives()),
        ("record", simple::records()),
    ] {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder).expect("a folder");
        let bytes: usize = seeds.iter().map(|(_, bytes)| bytes.len()).sum();
        println!("{target}: {} inputs, {bytes} bytes", seeds.len());
        total += bytes;
        for (name, bytes) in seeds {
            fs::write(folder.join(name), bytes).expect("written");
        }
    }
    println!("{total} bytes in all");
}
