//! The cache, filled by the sandbox.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use rules::{Channel, DivisionCode, ItemCode, MatrixColumn, SocialSecurityNumber, VisitKind};
use sandbox::{Effect, Fault};
use settlement_agent::province::{SyncError, synchronise};
use settlement_agent::registry::{
    CacheKey, CatalogueItem, CatalogueOwner, Registry, RegistryError, Set,
};

use crate::HOLDER;
use crate::simulated_province::SimulatedProvince;

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "all that one synchronisation brings, looked at once"
)]
async fn the_registry_holds_what_the_province_said_with_its_age() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let path = simulated.folder().join("registry.db");
    let key = CacheKey::new([7; 32]);
    let (registry, rebuilt) = Registry::open(&path, &key).unwrap();
    assert_eq!(rebuilt, None);
    assert_eq!(registry.ages().unwrap().registry, None);

    let before = simulated.now();
    let brought = synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    assert!(brought.pages > 2 && brought.unreadable == 0, "{brought:?}");
    let view = registry
        .worker(&number(HOLDER))
        .unwrap()
        .expect("filed for this place");
    assert_eq!(view.worker.worker.name.as_str(), "测试一");
    assert_eq!(view.worker.filings.len(), 1);
    let injury = view.worker.only_injury().expect("one was recognised");
    assert_eq!(injury.body_part, "左小腿");
    assert!(view.as_of.as_second() >= before.as_second());
    assert!(
        registry
            .worker(&number("650102198805140023"))
            .unwrap()
            .is_none()
    );
    assert!(
        registry
            .worker(&number("53010219941005008x"))
            .unwrap()
            .is_some()
    );

    let institution = registry
        .institution()
        .unwrap()
        .expect("synchronised")
        .institution;
    assert_eq!(
        (institution.name.as_str(), institution.grade.as_str()),
        ("长沙市工伤定点示范医院", "三级甲等")
    );
    let division = |code: &str| {
        registry
            .division_name(DivisionCode::parse(code).unwrap())
            .unwrap()
            .unwrap()
    };
    assert_eq!(division("650100"), "新疆维吾尔自治区乌鲁木齐市");
    assert_eq!(division("110101"), "北京市");

    let mut change = serde_json::Map::new();
    change.insert("suspended".into(), true.into());
    simulated.sandbox.change_worker(HOLDER, change).unwrap();
    simulated.sandbox.clock().advance(3600);
    synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    let later = registry.worker(&number(HOLDER)).unwrap().unwrap();
    assert!(later.worker.worker.suspended);
    assert!(later.as_of.as_second() >= view.as_of.as_second() + 3599);

    drop(registry);
    let (registry, rebuilt) = Registry::open(&path, &key).unwrap();
    assert_eq!(rebuilt, None);
    assert!(
        registry
            .worker(&number(HOLDER))
            .unwrap()
            .unwrap()
            .worker
            .worker
            .suspended
    );
}

#[tokio::test]
async fn each_channel_is_held_against_its_own_catalogue() {
    let simulated = SimulatedProvince::set().await;
    let (registry, _) = Registry::open(
        &simulated.folder().join("registry.db"),
        &CacheKey::new([7; 32]),
    )
    .unwrap();
    synchronise(&simulated.platform(), &registry, || simulated.now())
        .await
        .unwrap();

    let treated_in = DivisionCode::parse("430103").unwrap();
    let cases = [
        (
            Channel::CrossProvince,
            VisitKind::InpatientMedical,
            "650100",
            vec![("C14030100000001", "10000.00")],
        ),
        (
            Channel::IntraProvince,
            VisitKind::InpatientMedical,
            "430400",
            vec![
                ("C14030100000001", "9800.00"),
                ("FJ010100000001", "15000.00"),
            ],
        ),
        (
            Channel::CrossProvince,
            VisitKind::AssistiveDevice,
            "650100",
            vec![("FJ010100000001", "16000.00")],
        ),
        (
            Channel::CrossProvince,
            VisitKind::AssistiveDevice,
            "110101",
            vec![],
        ),
    ];
    let items = [
        item(MatrixColumn::Treatment, "C14030100000001"),
        item(MatrixColumn::AssistiveDevice, "FJ010100000001"),
        item(MatrixColumn::Drug, "C14030100000001"),
        item(MatrixColumn::Treatment, "C14030100000001"),
    ];
    for (channel, kind, insured_in, expected) in cases {
        let insured_in = DivisionCode::parse(insured_in).unwrap();
        let owner = CatalogueOwner::choose(channel, kind, treated_in, insured_in).unwrap();
        let found = registry.catalogue(owner, &items).unwrap();
        let found: Vec<(String, String)> = found
            .iter()
            .map(|entry| {
                (
                    entry.code.as_str().to_owned(),
                    entry.ceiling.unwrap().to_string(),
                )
            })
            .collect();
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(code, ceiling)| ((*code).to_owned(), (*ceiling).to_owned()))
            .collect();
        assert_eq!(found, expected, "{channel} {kind}");
    }
}

#[test]
fn a_local_visit_is_held_against_no_catalogue() {
    let here = DivisionCode::parse("430103").unwrap();
    let owner = CatalogueOwner::choose(Channel::Local, VisitKind::InpatientMedical, here, here);
    assert!(owner.is_none());
}

#[tokio::test]
async fn a_cache_under_another_key_or_damaged_is_begun_anew() {
    let simulated = SimulatedProvince::set().await;
    let path = simulated.folder().join("registry.db");
    let (registry, _) = Registry::open(&path, &CacheKey::new([7; 32])).unwrap();
    synchronise(&simulated.platform(), &registry, || simulated.now())
        .await
        .unwrap();
    drop(registry);

    let (registry, rebuilt) = Registry::open(&path, &CacheKey::new([8; 32])).unwrap();
    assert!(rebuilt.is_some());
    assert_eq!(registry.cursor(Set::Registry).unwrap(), None);
    assert!(registry.institution().unwrap().is_none());
    synchronise(&simulated.platform(), &registry, || simulated.now())
        .await
        .unwrap();
    assert!(registry.worker(&number(HOLDER)).unwrap().is_some());
    drop(registry);

    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 64] {
        *byte ^= 0x55;
    }
    std::fs::write(&path, bytes).unwrap();
    match Registry::open(&path, &CacheKey::new([8; 32])) {
        Ok((registry, rebuilt)) => {
            assert!(rebuilt.is_some());
            assert!(registry.worker(&number(HOLDER)).unwrap().is_none());
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_page_out_of_order_changes_nothing() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let (registry, _) = Registry::open(
        &simulated.folder().join("registry.db"),
        &CacheKey::new([7; 32]),
    )
    .unwrap();
    let first = platform.registry_page(None, simulated.now()).await.unwrap();
    assert!(first.place.more && first.place.full);
    registry.apply(&first).unwrap();
    assert_eq!(registry.ages().unwrap().registry, None);
    let second = platform
        .registry_page(Some(&first.place.cursor), simulated.now())
        .await
        .unwrap();
    registry.apply(&second).unwrap();
    assert!(registry.ages().unwrap().registry.is_some());
    let error = registry.apply(&second).map(|_| ()).unwrap_err();
    assert!(
        matches!(
            error,
            RegistryError::PageOutOfOrder {
                expected: 3,
                found: 2
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_fresh_answer_about_one_worker_is_kept_with_its_own_age() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let (registry, _) = Registry::open(
        &simulated.folder().join("registry.db"),
        &CacheKey::new([7; 32]),
    )
    .unwrap();
    synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    let unfiled = number("650102198805140023");
    let asked_at = simulated.now();
    let answer = platform.person(unfiled.as_str(), asked_at).await.unwrap();
    registry.remember(&unfiled, &answer).unwrap();
    simulated.sandbox.clock().advance(7200);
    synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    let view = registry.worker(&unfiled).unwrap().expect("remembered");
    assert!(view.worker.filings.is_empty());
    assert!(
        view.as_of.as_second() - asked_at.as_second() < 60,
        "a synchronisation that does not cover it does not renew it"
    );
    assert!(
        platform
            .person("650102190001010000", simulated.now())
            .await
            .unwrap()
            .worker
            .is_none()
    );
}

fn number(text: &str) -> SocialSecurityNumber {
    SocialSecurityNumber::parse(text).unwrap()
}

fn item(column: MatrixColumn, code: &str) -> CatalogueItem {
    CatalogueItem {
        column,
        code: ItemCode::parse(code).unwrap(),
    }
}

#[test]
fn the_cache_and_the_files_beside_it_are_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let key = CacheKey::new([7; 32]);
    let modes = || {
        let mut modes: Vec<(String, u32)> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| {
                let file = file.unwrap();
                let mode = file.metadata().unwrap().permissions().mode() & 0o777;
                (file.file_name().into_string().unwrap(), mode)
            })
            .collect();
        modes.sort();
        modes
    };
    let private = ["registry.db", "registry.db-shm", "registry.db-wal"]
        .map(|name| (name.to_owned(), 0o600))
        .to_vec();
    let opened = Registry::open(&path, &key).unwrap();
    assert_eq!(modes(), private);
    drop(opened);
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let again = Registry::open(&path, &key).unwrap();
    assert_eq!(modes(), private);
    drop(again);
    let (_anew, rebuilt) = Registry::open(&path, &CacheKey::new([8; 32])).unwrap();
    assert!(rebuilt.is_some());
    assert_eq!(modes(), private);
}

#[tokio::test]
async fn a_province_that_promises_page_after_page_is_not_followed_for_ever() {
    let simulated = SimulatedProvince::set().await;
    simulated.sandbox.add_fault(Fault {
        effect: Effect::EndlessPages,
        infno: None,
        containing: None,
        count: 100_000,
    });
    let path = simulated.folder().join("registry.db");
    let (registry, _) = Registry::open(&path, &CacheKey::new([7; 32])).unwrap();
    let platform = simulated.platform();
    let given_up = synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap_err();
    assert!(
        matches!(
            given_up,
            SyncError::Endless {
                set: "registry",
                ..
            }
        ),
        "{given_up}"
    );
    assert!(given_up.notice().say.contains("没有尽头"));
}
