//! The disk is full when a settled record is to go up: it goes up, it is said why nothing else is recorded, and after a kill it is
//! asked about and not repeated.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use sandbox::Upload;

use crate::scene::Scene;

/// Room for a ledger and its log, and not much more.
const SIZE: &str = "size=24m,mode=0700";

/// A disk of its own under the agent's state.
fn mount(at: &Path) {
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
        .arg(at)
        .status()
        .unwrap();
    assert!(mounted.success(), "a disk at {}", at.display());
}

/// Writes until nothing more fits.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("somebody-elses-file");
    let mut file = File::create(&path).unwrap();
    for piece in [vec![0; 1 << 20], vec![0; 4_096], vec![0; 1]] {
        loop {
            match file.write(&piece) {
                Ok(_) => {}
                Err(full) if full.kind() == ErrorKind::StorageFull => break,
                Err(other) => panic!("{other}"),
            }
        }
    }
    path
}

async fn queue(scene: &Scene) -> String {
    let listed = scene.stage.premises.run_configured("queue", []).await;
    String::from_utf8(listed.unwrap().stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_what_is_settled_goes_up_and_is_asked_about_after_a_kill() {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let state = scene.stage.premises.state();
    mount(&state);
    scene.stage.start_agent(&[]).await.unwrap();
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    scene.stage.province.set_listening(false).await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();

    let filler = fill(&state);
    let standing = scene.his().standing().await.unwrap();
    assert_eq!(standing["ledger"]["state"], "stopped", "{standing}");
    let notice = &standing["ledger"]["notice"];
    assert_eq!(notice["code"], "disk_full", "{standing}");
    assert!(queue(&scene).await.contains("本机磁盘已满"));

    scene.stage.province.set_listening(true).await.unwrap();
    scene.agent().advance(10).await.unwrap();
    end_to_end::eventually("a record that went up from a full disk", async || {
        let taken = scene.taken(Upload::Settlement).await;
        Ok((!taken.is_empty()).then_some(()))
    })
    .await
    .unwrap();
    // The file says nothing of it, and the mark that would deny that is gone.
    assert!(!state.join("ledger.db.sent-as-written").exists());
    let open = scene.his().uploads().await.unwrap();
    assert!(!open.as_array().unwrap().is_empty(), "{open}");

    scene.stage.agent.take().unwrap().kill().await.unwrap();
    std::fs::remove_file(filler).unwrap();
    let questions = asked(&scene);
    scene.stage.start_agent(&[]).await.unwrap();
    scene.his().delivered(number).await.unwrap();
    assert!(
        asked(&scene) > questions,
        "asked before anything is repeated"
    );
    scene.settled_once().await;
    let standing = scene.his().standing().await.unwrap();
    assert_ne!(standing["ledger"]["state"], "stopped", "{standing}");
    assert!(state.join("ledger.db.sent-as-written").exists());
    scene.stage.strike().await.unwrap();
}

/// How often the province was asked what became of a message.
fn asked(scene: &Scene) -> usize {
    scene.stage.province.log().matches("9103").count()
}
