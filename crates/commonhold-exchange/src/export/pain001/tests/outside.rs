//! Other people's schemas, and a reader that shares no code with the writer, judge our files.

use super::*;
use crate::outside::{missing, sample, venv};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reads a payment file with Python's own libraries and fails with every fault it finds; else
/// prints number of payments, sum, ids. It looks at what no schema does.
const READER: &str = r#"
import decimal, re, sys
import xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
ns = root.tag[1:].split("}")[0]
def all_(node, path): return node.findall("/".join("{%s}%s" % (ns, p) for p in path.split("/")))
def one(node, path):
    found = all_(node, path)
    assert len(found) == 1, (path, len(found))
    return found[0].text
faults = []
def check(good, what):
    if not good: faults.append(what)
D = decimal.Decimal
start = all_(root, "CstmrCdtTrfInitn")[0]
payments = all_(start, "PmtInf/CdtTrfTxInf")
amounts = [D(one(p, "Amt/InstdAmt")) for p in payments]
currencies = {all_(p, "Amt/InstdAmt")[0].get("Ccy") for p in payments}
check(currencies == {"EUR"}, "currency")
check(all(D("0.01") <= a <= D("999999999.99") and -a.as_tuple().exponent == 2 for a in amounts), "amount")
for level in ["GrpHdr", "PmtInf"]:
    check(int(one(start, level + "/NbOfTxs")) == len(payments), level + " count")
    check(D(one(start, level + "/CtrlSum")) == sum(amounts), level + " sum")
def iban(text):
    moved = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1
ibans = [one(p, "CdtrAcct/Id/IBAN") for p in payments] + [one(start, "PmtInf/DbtrAcct/Id/IBAN")]
check(all(map(iban, ibans)), "iban")
ids = [one(p, "PmtId/EndToEndId") for p in payments]
check(len(set(ids)) == len(ids), "ids twice")
for text in ids + [one(start, "GrpHdr/MsgId")]:
    check(len(text) <= 35 and text[0] != "/" and text[-1] != "/" and "//" not in text, "id " + text)
lengths = {"Nm": 70, "Ustrd": 140, "TwnNm": 35}
for node in root.iter():
    text = (node.text or "").strip()
    check(re.fullmatch(r"[a-zA-Z0-9/?:().,'+ -]*", text), "letters " + node.tag)
    check(len(text) <= lengths.get(node.tag.split("}")[1], 10**6), "length")
if faults:
    sys.exit("; ".join(faults))
print(len(payments), sum(amounts), ",".join(ids))
"#;

struct Judge {
    folder: tempfile::TempDir,
    schemas: PathBuf,
}

impl Judge {
    /// Needs xmllint, and the schemas the Python package sepaxml brings; without them there is
    /// none, which is a failure when the checks are required.
    fn new() -> Option<Self> {
        let python = venv().join("bin/python");
        let code = "import os, sepaxml; print(os.path.dirname(sepaxml.__file__))";
        let found = Command::new(&python).args(["-c", code]).output();
        let Some(found) = found.ok().filter(|found| found.status.success()) else {
            missing("sepaxml in the checks' environment");
            return None;
        };
        if Command::new("xmllint").arg("--version").output().is_err() {
            missing("xmllint");
            return None;
        }
        let schemas = Path::new(String::from_utf8(found.stdout).unwrap().trim()).join("schemas");
        Some(Self { folder: tempfile::tempdir().unwrap(), schemas })
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("order.xml");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What a schema has against a file.
    fn schema(&self, schema: &Path, bytes: &[u8]) -> Result<(), String> {
        let file = self.file(bytes);
        let output = Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema"])
            .args([schema, &file])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(said) }
    }

    fn version(&self, version: Version, bytes: &[u8]) -> Result<(), String> {
        self.schema(&self.schemas.join(format!("{}.xsd", version.name())), bytes)
    }

    /// What the independent reader finds.
    fn read(&self, bytes: &[u8]) -> Result<String, String> {
        let file = self.file(bytes);
        let output = Command::new(venv().join("bin/python"))
            .args(["-c", READER])
            .arg(file)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().trim().to_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn schemas_and_an_independent_reader_agree() {
    let Some(judge) = Judge::new() else { return };
    // What German banks accept, where a copy lies beside the repository.
    let stricter = sample("sepa-xsd/pain.001.001.09_GBIC_5.xsd");
    for version in [Version::V09, Version::V03] {
        for count in [1, 2, 500] {
            let order = full(version, count);
            let written = write(&order).unwrap();
            judge.version(version, &written.bytes).unwrap();
            if let (Some(stricter), Version::V09) = (&stricter, version) {
                judge.schema(stricter, &written.bytes).unwrap();
            }
            let ids: Vec<&str> =
                order.payments.iter().map(|payment| payment.end_to_end_id.as_str()).collect();
            let expected = format!("{count} {} {}", written.control_sum.decimal(), ids.join(","));
            assert_eq!(judge.read(&written.bytes).unwrap(), expected);
            assert_eq!(usize::try_from(written.count).unwrap(), count);
        }
    }
}

#[test]
fn the_checks_can_fail() {
    let Some(judge) = Judge::new() else { return };
    let written = write(&order(vec![hosting()])).unwrap().bytes;
    judge.version(Version::V09, &written).unwrap();
    assert!(judge.version(Version::V03, &written).is_err());
    // The schema lets these through; the reader does not.
    for (from, to, fault) in [
        ("NL91ABNA0417164300", "NL91ABNA0417164301", "iban"),
        ("<CtrlSum>412.35", "<CtrlSum>412.36", "GrpHdr sum"),
        ("<NbOfTxs>1<", "<NbOfTxs>2<", "GrpHdr count"),
        ("Skoda", "Škoda", "letters"),
        ("412.35</InstdAmt>", "412.350</InstdAmt>", "amount"),
        ("29777B04", "/9777B04", "id /"),
        ("Skoda", &"S".repeat(60), "length"),
    ] {
        let wrong = replaced(&written, from, to);
        judge.version(Version::V09, &wrong).unwrap();
        let said = judge.read(&wrong).unwrap_err();
        assert!(said.contains(fault), "{fault}: {said}");
    }
    // And these not even the schema.
    for (from, to) in [("412.35</InstdAmt>", "412,35</InstdAmt>"), ("<PmtMtd>TRF</PmtMtd>", "")] {
        assert!(judge.version(Version::V09, &replaced(&written, from, to)).is_err());
    }
}
