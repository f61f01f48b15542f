//! Joining over a real folder, by every way an invitation takes; and what does not lead in.

use crate::support::crew::{ANN, BEN, CLEO, DORA, crew};
use crate::support::{Closed, Harbor, Laptop, Still, assert_same, dump, found, person, sync};
use commonhold_app::App;
use commonhold_app::commands::invitations::{self, InvitationView, JoinRequest, NewInvitation};
use commonhold_app::commands::{joining, people, recovery};
use commonhold_app::events::unheard;
use commonhold_core::BookId;
use commonhold_core::authority::Role;
use commonhold_core::projection::State;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Ann's service, and the folder she shares.
struct Meeting {
    ann: Laptop,
    harbor: Harbor,
    folder: TempDir,
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn meeting() -> Meeting {
    let mut ann = Laptop::new(11);
    let harbor = found(&mut ann);
    harbor.pay(&mut ann, 500, "Before");
    Meeting { ann, harbor, folder: tempfile::tempdir().unwrap() }
}

fn invite(app: &mut App, book: &BookId, folder: &Path, roles: &[Role]) -> InvitationView {
    let new = NewInvitation {
        person: None,
        name: "Ben".into(),
        roles: roles.to_vec(),
        days: 7,
        folder: folder.display().to_string(),
    };
    invitations::create(app, book, &new).unwrap()
}

fn ask(app: &mut App, folder: &Path, invitation: &str) -> joining::JoinState {
    joining::start(app, &text(folder), invitation, "Ben", "Ben's laptop").unwrap()
}

fn check(app: &mut App, asked: &joining::JoinState) -> joining::JoinState {
    joining::check(app, &asked.id, &mut unheard).unwrap()
}

fn requests(app: &mut App, book: &BookId) -> Vec<JoinRequest> {
    invitations::requests(app, book).unwrap()
}

fn let_in(app: &mut App, book: &BookId) -> JoinRequest {
    let request = requests(app, book).remove(0);
    invitations::confirm(app, book, &request.id).unwrap();
    request
}

/// Opened again when so many days have gone by.
fn days_later(closed: &Closed, days: i64) -> App {
    let mut world = Still::new(9000);
    world.now += days * 86_400_000;
    App::open_in(closed.path(), Box::new(world)).unwrap()
}

/// What lies under `joining` in a folder.
fn messages(folder: &Path, start: &str) -> Vec<PathBuf> {
    let top = folder.join("commonhold/joining");
    let mut found = Vec::new();
    for invitation in fs::read_dir(top).unwrap().map(Result::unwrap) {
        found.extend(fs::read_dir(invitation.path()).unwrap().map(|file| file.unwrap().path()));
    }
    found.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start));
    found
}

#[test]
fn six_words_a_text_and_a_file_each_lead_in() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path().to_owned());
    for (n, way) in ["words", "text", "file"].into_iter().enumerate() {
        let view = invite(&mut m.ann, &book, &folder, &[Role::Treasurer, Role::Member]);
        let file = folder.join("invitation.txt");
        invitations::save(&mut m.ann, &book, &view.id, &file).unwrap();
        let invitation = match way {
            "words" => view.words.clone().unwrap().to_uppercase().replace(' ', "\n"),
            "text" => view.text.clone(),
            _ => format!("file:{}", file.display()),
        };
        let mut ben = Laptop::new(21 + n as u64);
        let asked = ask(&mut ben, &folder, &invitation);
        assert_eq!((asked.state, asked.service.is_some()), ("waiting", way != "words"));
        assert_eq!(check(&mut ben, &asked).state, "waiting", "nobody let them in yet");
        let request = let_in(&mut m.ann, &book);
        assert_eq!(request.words, asked.words, "both see the same three words");
        assert_eq!(request.words.split(' ').count(), 3);
        let joined = check(&mut ben, &asked);
        assert_eq!((joined.state, joined.book), ("joined", Some(book)), "{way}");
        assert_eq!(joined.service.as_deref(), Some("Harbor"));
        sync(&mut m.ann, &book, &folder);
        assert_same(&dump(ben.reader(), &book), &dump(m.ann.reader(), &book), way);
        let team = people::team(&mut ben, &book).unwrap();
        assert_eq!((team.my_name.as_str(), team.my_roles.len()), ("Ben", 2));
        let bill = m.harbor.pay(&mut ben, 700, "Hers");
        sync(&mut ben, &book, &folder);
        sync(&mut m.ann, &book, &folder);
        assert_eq!(m.harbor.state(&m.ann, &bill), Some(State::Ok));
        let state = invitations::list(&mut m.ann, &book).unwrap();
        assert!(state.iter().all(|view| view.state == "used" && view.words.is_none()));
    }
}

#[test]
fn wrong_words_lead_nowhere_and_the_right_ones_still_do() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path());
    let view = invite(&mut m.ann, &book, folder, &[Role::Member]);
    let mut ben = Laptop::new(21);
    let slip =
        joining::start(&mut ben, &text(folder), "abandon ability ablee able about above", "B", "");
    let slip = slip.unwrap_err();
    assert!(slip.problems[0].message.contains("ablee"), "{slip:?}");
    let wrong = ask(&mut ben, folder, "abandon ability able about above absent");
    assert!(requests(&mut m.ann, &book).is_empty(), "it does not open");
    assert_eq!(check(&mut ben, &wrong).state, "waiting");
    let right = ask(&mut ben, folder, &view.words.unwrap());
    let_in(&mut m.ann, &book);
    assert_eq!(check(&mut ben, &right).state, "joined");
    assert_eq!(check(&mut ben, &wrong).state, "waiting", "that one never");
    let broken = format!("{}x", view.text);
    let mut carla = Laptop::new(22);
    let broken = joining::start(&mut carla, &text(folder), &broken, "C", "").unwrap_err();
    assert!(!broken.message.is_empty());
}

#[test]
fn expired_revoked_and_used_invitations_lead_nowhere() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path().to_owned());
    for what in ["revoked", "used", "expired"] {
        let view = invite(&mut m.ann, &book, &folder, &[Role::Member]);
        let offer = messages(&folder, "offer").remove(0);
        let kept = fs::read(&offer).unwrap();
        match what {
            "revoked" => invitations::revoke(&mut m.ann, &book, &view.id).unwrap(),
            "used" => {
                let mut first = Laptop::new(31);
                ask(&mut first, &folder, &view.text);
                let_in(&mut m.ann, &book);
            }
            _ => {}
        }
        let mut late = match what {
            "expired" => days_later(&Laptop::new(32).close(), 8),
            _ => days_later(&Laptop::new(33).close(), 0),
        };
        let words = view.words.unwrap();
        for invitation in [&words, &view.text] {
            let start = joining::start(&mut late, &text(&folder), invitation, "Eve", "");
            let why = start.unwrap_err();
            assert!(why.message.contains("No open invitation"), "{what}: {why:?}");
        }
        // Somebody lays the old offer down again; who asks by it is not even shown.
        fs::write(&offer, kept).unwrap();
        let mut early = Laptop::new(34);
        let asked = ask(&mut early, &folder, &words);
        if what == "expired" {
            let closed = m.ann.close();
            let mut later = days_later(&closed, 8);
            assert!(requests(&mut later, &book).is_empty(), "{what}");
            let listed = invitations::list(&mut later, &book).unwrap();
            assert!(listed.iter().any(|view| view.state == "expired"));
            drop(later);
            m.ann = closed.open();
        } else {
            assert!(requests(&mut m.ann, &book).is_empty(), "{what}");
        }
        assert_eq!(check(&mut early, &asked).state, "waiting");
        fs::remove_file(&offer).unwrap();
    }
}

#[test]
fn who_is_turned_away_is_told_and_the_next_may_come() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path());
    let view = invite(&mut m.ann, &book, folder, &[Role::Member]);
    let words = view.words.unwrap();
    let (mut eve, mut ben) = (Laptop::new(21), Laptop::new(22));
    let evil = ask(&mut eve, folder, &words);
    let request = requests(&mut m.ann, &book).remove(0);
    invitations::refuse(&mut m.ann, &book, &request.id).unwrap();
    assert!(requests(&mut m.ann, &book).is_empty());
    let told = check(&mut eve, &evil);
    assert_eq!(told.state, "refused");
    assert!(told.reason.unwrap().contains("did not confirm"));
    assert!(invitations::confirm(&mut m.ann, &book, &request.id).is_err());
    assert!(!eve.reader().has(&book).unwrap());
    let asked = ask(&mut ben, folder, &words);
    let_in(&mut m.ann, &book);
    assert_eq!(check(&mut ben, &asked).state, "joined");
}

#[test]
fn a_member_brings_a_device_of_their_own_and_nobody_else() {
    let mut crew = crew(Role::Member);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let me = person(&mut crew.laptops[DORA], &book);
    let new = |person, roles: &[Role]| NewInvitation {
        person,
        name: "Somebody".into(),
        roles: roles.to_vec(),
        days: 7,
        folder: folder.path().display().to_string(),
    };
    let dora = &mut crew.laptops[DORA];
    for (person, roles) in [(None, vec![Role::Member]), (Some(crew.people[BEN]), vec![])] {
        let no = invitations::create(dora, &book, &new(person, &roles)).unwrap_err();
        assert!(no.message.contains("Only leadership"), "{no:?}");
    }
    let view = invitations::create(dora, &book, &new(Some(me), &[])).unwrap();
    let mut tablet = Laptop::new(40);
    let asked = ask(&mut tablet, folder.path(), &view.words.unwrap());
    assert_eq!(requests(dora, &book)[0].person, Some(me));
    let_in(dora, &book);
    assert_eq!(check(&mut tablet, &asked).state, "joined");
    let team = people::team(&mut tablet, &book).unwrap();
    assert_eq!((team.me, team.my_name.as_str()), (Some(me), "Dora"));
    assert_eq!(team.my_roles, [Role::Member]);
    crew.harbor.write(&mut tablet, "# From the tablet\n");
    sync(&mut tablet, &book, folder.path());
    sync(crew.ann(), &book, folder.path());
    assert_eq!(crew.harbor.text(&crew.laptops[ANN]), "# From the tablet\n");
}

#[test]
fn a_sheet_of_paper_brings_back_who_lost_the_laptop() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path().to_owned());
    let sheet = recovery::create(&mut m.ann, &book).unwrap();
    assert_eq!(sheet.words.split(' ').count(), 12);
    let bill = m.harbor.pay(&mut m.ann, 700, "The last");
    sync(&mut m.ann, &book, &folder);
    let lost = m.ann.store().unwrap().device();
    let (before, closed) = (dump(m.ann.reader(), &book), m.ann.close());
    let mut again = Laptop::new(50);
    let wrong = sheet.words.replace(sheet.words.split(' ').next().unwrap(), "zoo");
    assert!(recovery::restore(&mut again, &wrong, &text(&folder), "New", &mut unheard).is_err());
    let restored = recovery::restore(&mut again, &sheet.words, &text(&folder), "New", &mut unheard);
    assert_eq!(restored.unwrap().books, [book]);
    assert_same(&dump(again.reader(), &book), &before, "nothing is lost");
    assert_eq!(m.harbor.state(&again, &bill), Some(State::Ok));
    let me = person(&mut again, &book);
    let gone = people::remove(&mut again, &book, me, Some(lost), "Lost in a train").unwrap();
    assert!(gone.in_force, "one's own device goes by one signature: {gone:?}");
    let new = m.harbor.pay(&mut again, 900, "On the new one");
    sync(&mut again, &book, &folder);
    let mut thief = closed.open();
    let report = sync(&mut thief, &book, &folder);
    assert!(!report.refused.is_empty());
    assert_eq!(m.harbor.state(&thief, &new), None, "who found it reads nothing new");
    assert!(
        fs::read_dir(again.home())
            .unwrap()
            .all(|file| { !file.unwrap().file_name().to_str().unwrap().contains("recovery") })
    );
    for part in sheet.words.split(' ').filter(|word| word.len() > 7) {
        let found = crate::support::crew::holding(again.home(), part);
        assert!(found.is_empty(), "the words are kept nowhere: {found:?}");
    }
}

#[test]
fn somebody_who_lost_everything_is_let_in_again_by_as_many_as_would_remove_them() {
    let mut crew = crew(Role::Leadership);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let bens = crew.people[BEN];
    let mut new = Laptop::new(60);
    let again = NewInvitation {
        person: Some(bens),
        name: String::new(),
        roles: vec![],
        days: 7,
        folder: folder.path().display().to_string(),
    };
    let device = new.store().unwrap().device();
    for (signed, signer) in [ANN, CLEO, DORA].into_iter().enumerate() {
        let view = invitations::create(&mut crew.laptops[signer], &book, &again).unwrap();
        let asked = ask(&mut new, folder.path(), &view.text);
        let request = requests(&mut crew.laptops[signer], &book).remove(0);
        let confirmed = invitations::confirm(&mut crew.laptops[signer], &book, &request.id);
        for who in [ANN, CLEO, DORA, ANN] {
            sync(&mut crew.laptops[who], &book, folder.path());
        }
        let authority = crew.laptops[ANN].reader().authority(&book).unwrap();
        let enough = authority.state().needed_to_remove(bens, crew.laptops[ANN].today()) as usize;
        assert_eq!(enough, 3, "three of four");
        let inside = signed + 1 >= enough;
        let why = confirmed.err().map(|failure| failure.message).unwrap_or_default();
        assert_eq!(why.contains("needs more signatures"), !inside, "{why}");
        assert_eq!(authority.state().active(&device).is_some(), inside, "after {}", signed + 1);
        let state = check(&mut new, &asked).state;
        assert_eq!(state, if inside { "joined" } else { "waiting" }, "after {}", signed + 1);
        if !inside {
            let team = people::team(&mut crew.laptops[ANN], &book).unwrap();
            let vote = team.votes.iter().find(|vote| vote.action == "admit").unwrap();
            assert_eq!((vote.person, vote.votes as usize), (bens, signed + 1));
        }
    }
    let team = people::team(&mut new, &book).unwrap();
    assert_eq!((team.me, team.my_roles), (Some(bens), vec![Role::Leadership]));
    crew.goes_on(CLEO);
}

/// A file with one byte changed.
fn alter(path: &Path, at: usize) -> Vec<u8> {
    let kept = fs::read(path).unwrap();
    let mut bytes = kept.clone();
    let at = at % bytes.len();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
    kept
}

#[test]
fn who_carries_the_folder_alters_offer_request_and_welcome_for_nothing() {
    let mut m = meeting();
    let (book, folder) = (m.harbor.book, m.folder.path());
    let view = invite(&mut m.ann, &book, folder, &[Role::Member]);
    let words = view.words.unwrap();
    let offer = messages(folder, "offer").remove(0);
    let whole = fs::metadata(&offer).unwrap().len() as usize;
    // Behind the number of the invitation: when it ends, and the inviter's half.
    for at in [25, 27, 30, whole - 1] {
        let kept = alter(&offer, at);
        let mut ben = Laptop::new(70 + at as u64);
        let asked = joining::start(&mut ben, &text(folder), &words, "Ben", "");
        assert!(requests(&mut m.ann, &book).is_empty(), "offer at {at}");
        if let Ok(asked) = asked {
            assert_eq!(check(&mut ben, &asked).state, "waiting");
        }
        fs::write(&offer, kept).unwrap();
        messages(folder, "request").iter().for_each(|path| fs::remove_file(path).unwrap());
    }
    let mut ben = Laptop::new(21);
    let asked = ask(&mut ben, folder, &words);
    let request = messages(folder, "request").remove(0);
    for at in [0, 5, 20, 30, 60, 100, 130] {
        let kept = alter(&request, at);
        assert!(requests(&mut m.ann, &book).is_empty(), "request at {at}");
        fs::write(&request, kept).unwrap();
    }
    let request = let_in(&mut m.ann, &book);
    assert_eq!(request.words, asked.words);
    let welcome = messages(folder, "welcome").remove(0);
    for at in [0, 4, 20, 25, 60, 90] {
        let kept = alter(&welcome, at);
        assert_eq!(check(&mut ben, &asked).state, "waiting", "welcome at {at}");
        fs::write(&welcome, kept).unwrap();
    }
    let kept = fs::read(&welcome).unwrap();
    fs::write(&welcome, vec![7; 100_000]).unwrap();
    assert_eq!(check(&mut ben, &asked).state, "waiting");
    fs::write(&welcome, kept).unwrap();
    assert_eq!(check(&mut ben, &asked).state, "joined", "whole, it leads in");
}

#[test]
fn a_welcome_to_somebody_else_or_another_service_leads_nowhere() {
    let (mut m, mut other) = (meeting(), Laptop::new(12));
    let theirs = found(&mut other);
    let (book, folder) = (m.harbor.book, m.folder.path());
    let words = invite(&mut m.ann, &book, folder, &[Role::Member]).words.unwrap();
    let text = invite(&mut other, &theirs.book, folder, &[Role::Member]).text;
    let (mut ben, mut eve) = (Laptop::new(21), Laptop::new(22));
    let asked = ask(&mut ben, folder, &words);
    let evil = ask(&mut eve, folder, &text);
    let_in(&mut other, &theirs.book);
    let welcome = messages(folder, "welcome").remove(0);
    let bytes = fs::read(&welcome).unwrap();
    // Her welcome under the name his would have.
    for request in messages(folder, "request") {
        let name = request.file_name().unwrap().to_str().unwrap();
        let answer = request.with_file_name(name.replace("request-", "welcome-"));
        if !answer.exists() {
            fs::write(&answer, &bytes).unwrap();
            let mut renamed = bytes.clone();
            renamed[4..20].copy_from_slice(&fs::read(&request).unwrap()[4..20]);
            assert_eq!(check(&mut ben, &asked).state, "waiting");
            fs::write(&answer, renamed).unwrap();
        }
    }
    assert_eq!(check(&mut ben, &asked).state, "waiting");
    assert!(!ben.reader().has(&theirs.book).unwrap());
    assert_eq!(check(&mut eve, &evil).book, Some(theirs.book), "it was for her");
}
