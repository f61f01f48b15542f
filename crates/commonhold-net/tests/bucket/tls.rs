//! Encrypted connections, to a server whose certificate a team's own authority signed.

use super::servers::{Server, missing};
use super::{login, room};
use commonhold_net::bucket::Bucket;
use commonhold_sync::shelf::{Shelf, Trouble};
use std::path::Path;
use std::process::Command;

/// Makes an authority and a certificate for this computer signed by it.
fn certificates(folder: &Path) -> bool {
    let run = |arguments: &str| {
        let run = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
        let Ok(done) = run else { return false };
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        true
    };
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 \
         -keyout ca.key -out ca.pem -subj /CN=team")
        && run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key \
                -out site.csr -subj /CN=localhost")
        && std::fs::write(
            folder.join("site.ext"),
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .is_ok()
        && run("x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 7 \
                -out site.pem -extfile site.ext")
}

#[test]
fn a_server_is_trusted_when_the_computer_trusts_it() {
    // The same test, run below by itself: what is trusted is read once for each process.
    if let Ok(address) = std::env::var("COMMONHOLD_TEST_TRUSTED") {
        let mut shelf = Bucket::open(&address, Some(&login())).unwrap().shelf(&room());
        shelf.put("a/x", b"1").unwrap();
        assert_eq!(shelf.get("a/x", 9).unwrap().unwrap(), b"1");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    if !certificates(folder.path()) {
        missing("openssl");
        return;
    }
    let at = |name: &str| folder.path().join(name);
    let Some(server) = Server::dav(Some((at("site.pem"), at("site.key")))) else { return };
    let address = server.address("");

    let error = Bucket::open(&address, Some(&login())).unwrap().shelf(&room()).list("");
    let error = error.unwrap_err();
    assert_eq!(error.trouble, Trouble::Broken, "{error}");
    assert!(error.reason.contains("certificate"), "{error}");

    let open = address.replace("webdav+https", "webdav+http");
    let error = Bucket::open(&open, Some(&login())).unwrap().shelf(&room()).list("").unwrap_err();
    assert!(matches!(error.trouble, Trouble::Broken | Trouble::Away), "{error}");

    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::a_server_is_trusted_when_the_computer_trusts_it"])
        .env("SSL_CERT_FILE", at("ca.pem"))
        .env("COMMONHOLD_TEST_TRUSTED", &address)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && told.contains("1 passed"), "{told}");
}
