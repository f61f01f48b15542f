//! Other people's programs judge our archives.

use super::book::{Memory, rich};
use super::zipped;
use crate::outside::{run, venv};
use std::io::Cursor;
use std::path::{Path, PathBuf};

fn unpack(zip: &[u8], folder: &Path) -> PathBuf {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    zip.extract(folder).unwrap();
    let top = zip.file_names().next().unwrap().split_once('/').unwrap().0.to_owned();
    folder.join(top)
}

fn validate(zip: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let bag = unpack(zip, folder.path());
    let tool = |name: &str| venv().join("bin").join(name);
    let place = bag.to_str().unwrap().to_owned();
    let data = bag.join("data");
    run("bagit", &tool("bagit.py"), &["--validate", "--quiet", &place], folder.path());
    for sums in ["sha256", "sha512"] {
        let (manifest, tags) = (format!("manifest-{sums}.txt"), format!("tagmanifest-{sums}.txt"));
        let arguments = ["-c", "--quiet", "--strict", &manifest, &tags];
        run(sums, Path::new(&format!("{sums}sum")), &arguments, &bag);
    }
    run("frictionless", &tool("frictionless"), &["validate", "datapackage.json"], &data);
    run("bean-check", &tool("bean-check"), &["finance/ledger.beancount"], &data);
    let journal = "finance/ledger.journal";
    let strict = ["-f", journal, "check", "--strict", "ordereddates", "payees"];
    run("hledger", Path::new("hledger"), &strict, &data);
    run("ledger", Path::new("ledger"), &["-f", journal, "--strict", "--pedantic", "bal"], &data);
    let records = data.join("records");
    for kind in commonhold_core::Kind::ALL {
        let code = "import json,sys,jsonschema\n\
            v=jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))\n\
            v.check_schema(v.schema)\n\
            [v.validate(json.loads(l)) for l in open(sys.argv[2])]";
        let schema = format!("../schemas/{}.schema.json", kind.name());
        let lines = format!("{}.jsonl", kind.plural());
        run("jsonschema", &tool("python"), &["-c", code, &schema, &lines], &records);
    }
}

#[test]
fn independent_validators() {
    validate(&zipped(&rich()).0);
    validate(&zipped(&Memory::default()).0);
    if let Ok(path) = std::env::var("COMMONHOLD_KEEP_ARCHIVE") {
        std::fs::write(path, zipped(&rich()).0).unwrap();
    }
}
