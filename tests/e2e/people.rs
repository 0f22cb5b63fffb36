//! The people of a counter at the terminal and at the hospital's interface.

use end_to_end::His;
use sandbox::Upload;

use crate::scene::Scene;

/// What `settlement-agent staff` says, and whether it did what was asked.
async fn staff<const N: usize>(scene: &Scene, arguments: [&str; N]) -> (bool, String) {
    let premises = &scene.stage.premises;
    let done = premises.run_configured("staff", arguments).await.unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hospitals_system_names_who_acts_by_staff_number_and_the_province_hears_it() {
    let mut scene = Scene::open().await;
    let (_, nobody) = staff(&scene, ["list"]).await;
    assert!(nobody.contains("没有设置人员"), "{nobody}");
    let password = scene.add_person("a1001", "王收款", "收款").await;
    scene.add_person("2002", "李复核", "reviewer").await;
    let (_, listed) = staff(&scene, ["list"]).await;
    assert!(listed.contains("A1001  王收款  收款"), "{listed}");

    scene.present().await;
    let by_account = scene.his().admit("press-1", &scene.stay).await.unwrap_err();
    assert_eq!(by_account.code(), Some("no_such_person"));
    let token = scene.stage.premises.token().unwrap();
    let his = |operator| His::new(scene.agent().origin(), &token, operator);
    let reviewer = his("2002").admit("press-1", &scene.stay).await.unwrap_err();
    assert_eq!(reviewer.code(), Some("role_missing"));
    let visit = his("A1001").admit("press-1", &scene.stay).await.unwrap();
    let number = visit["number"].as_str().unwrap();
    scene.his().registration_number(number).await.unwrap();
    let quote = scene.quoted(number).await;

    let (done, said) = staff(&scene, ["disable", "A1001"]).await;
    assert!(done, "{said}");
    let disabled = his("A1001").settle(&quote).await.unwrap_err();
    assert_eq!(disabled.code(), Some("no_such_person"));
    let (done, said) = staff(&scene, ["reset", "A1001"]).await;
    assert!(done && said.contains("一次性密码"), "{said}");
    let settled = his("A1001").settle(&quote).await.unwrap();
    assert_eq!(settled["settled_by"], "王收款");
    let settlement = settled["number"].as_str().unwrap();
    scene.his().delivered(settlement).await.unwrap();
    for upload in [
        Upload::VisitRegistration,
        Upload::FeeDetail,
        Upload::Settlement,
    ] {
        let heard = scene.taken(upload).await;
        let by = ("A1001".to_owned(), "王收款".to_owned());
        assert!(
            heard.iter().all(|message| message.operator == by),
            "{heard:?}"
        );
    }

    // A command acts for whoever is signed in at the page, and here nobody is.
    let premises = &scene.stage.premises;
    let slip = premises.folder().join("slip.pdf");
    let arguments = [settlement, "--to", slip.to_str().unwrap()];
    let written = premises.run_configured("slip", arguments).await.unwrap();
    assert!(!written.status.success());
    let said = String::from_utf8(written.stderr).unwrap();
    assert!(said.contains("nobody_signed_in"), "{said}");
    let log = scene.agent().log();
    assert!(!log.contains(&password), "a password in the log");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_cannot_be_added_is_refused_in_a_sentence() {
    let scene = Scene::open().await;
    scene.add_person("A1001", "王收款", "收款").await;
    for (wrong, code) in [
        (
            ["add", "A1001", "--name", "张三", "--roles", "收款"],
            "staff_number_taken",
        ),
        (
            ["add", "10-01", "--name", "张三", "--roles", "收款"],
            "staff_number_wrong",
        ),
        (
            ["add", "1003", "--name", "张三", "--roles", "院长"],
            "role_unknown",
        ),
        (
            ["add", "1003", "--name", " ", "--roles", "收款"],
            "field_missing",
        ),
    ] {
        let (done, said) = staff(&scene, wrong).await;
        assert!(!done && said.contains(code), "{code}: {said}");
    }
    let (_, listed) = staff(&scene, ["list"]).await;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    scene.stage.strike().await.unwrap();
}
