//! Records that are not as agreed: what has one meaning is read and counted; what has none keeps nothing else out, and is told.

use rules::{MatrixColumn, SocialSecurityNumber};
use sandbox::{Effect, Fault};
use serde_json::{Value, json};
use settlement_agent::province::{Platform, synchronise};
use settlement_agent::records::answers::{Listed, ListedEntry};
use settlement_agent::records::catalogue::CatalogueEntry;
use settlement_agent::registry::{
    CacheKey, CatalogueItem, CatalogueOwner, Faults, Registry, RegistryError,
};

use crate::HOLDER;
use crate::simulated_province::{SimulatedProvince, fault};

const REGISTRY: &str = "1102";
const CATALOGUE: &str = "1301";

fn registry(simulated: &SimulatedProvince) -> Registry {
    let path = simulated.folder().join("registry.db");
    Registry::open(&path, &CacheKey::new([7; 32])).unwrap().0
}

/// One value of the first page is another than agreed.
fn odd(infno: &str, at: &str, value: Value) -> Fault {
    let at = at.to_owned();
    fault(Effect::Put { at, value }, infno)
}

/// The numbers of the first page's workers.
async fn listed(platform: &Platform, simulated: &SimulatedProvince) -> Vec<SocialSecurityNumber> {
    let page = platform.registry_page(None, simulated.now()).await.unwrap();
    let number = |listed: &Listed| match listed {
        Listed::Readable(worker) => worker.worker.social_security_number.clone(),
        Listed::Unreadable { field, .. } => panic!("{field}"),
    };
    page.workers.iter().map(number).collect()
}

/// The first page's entries.
async fn entries(platform: &Platform, simulated: &SimulatedProvince) -> Vec<CatalogueEntry> {
    let page = platform
        .catalogue_page(None, simulated.now())
        .await
        .unwrap();
    let entry = |listed: ListedEntry| match listed {
        ListedEntry::Readable(entry) => entry,
        ListedEntry::Unreadable { field, .. } => panic!("{field}"),
    };
    page.entries.into_iter().map(entry).collect()
}

/// What the cache has of an entry.
fn looked_up(
    registry: &Registry,
    entry: &CatalogueEntry,
) -> Result<Vec<rules::CatalogueEntry>, RegistryError> {
    let owner = if entry.owner.to_string().ends_with("0000") {
        CatalogueOwner::ProvincialSet(entry.owner.province())
    } else if entry.entry.column == MatrixColumn::AssistiveDevice {
        CatalogueOwner::InsuredPlaceDevices(entry.owner.place())
    } else {
        CatalogueOwner::TreatmentPlace(entry.owner.place())
    };
    let item = CatalogueItem {
        column: entry.entry.column,
        code: entry.entry.code.clone(),
    };
    registry.catalogue(owner, &[item])
}

#[tokio::test]
async fn what_has_one_sensible_meaning_is_read_and_counted() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let told = entries(&platform, &simulated).await;
    let day = told[3].entry.from.to_string();
    let rows = [
        odd(CATALOGUE, "/entries/0/ceiling", json!("90")),
        odd(CATALOGUE, "/entries/1/ceiling", json!(90)),
        odd(CATALOGUE, "/entries/2/ceiling", json!("")),
        odd(CATALOGUE, "/entries/3/from", json!(day.replace('-', ""))),
        odd(
            CATALOGUE,
            "/entries/4/from",
            json!(format!("{} 00:00:00", told[4].entry.from)),
        ),
        odd(
            CATALOGUE,
            "/entries/5/restricted",
            json!(u8::from(told[5].entry.restricted)),
        ),
        odd(
            CATALOGUE,
            "/entries/6/code",
            json!(format!("{} ", told[6].entry.code.as_str())),
        ),
        odd(CATALOGUE, "/entries/7/to", json!("")),
        odd(CATALOGUE, "/page", json!("1")),
        odd(REGISTRY, "/as_of", json!("2025-08-20 10:00:00")),
        odd(REGISTRY, "/workers/0/suspended", json!(0)),
        odd(REGISTRY, "/workers/0/notices", Value::Null),
        odd(REGISTRY, "/workers/0/insured_level", json!("Prefecture ")),
    ];
    let count = u32::try_from(rows.len()).unwrap();
    for row in rows {
        simulated.sandbox.add_fault(row);
    }
    let registry = registry(&simulated);
    let brought = synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    assert_eq!(brought.unreadable, 0);
    let faults = Faults {
        registry: 0,
        catalogue: 0,
        repaired: count,
    };
    assert_eq!(registry.faults().unwrap(), faults);
    for (place, ceiling) in [(0, Some("90.00")), (1, Some("90.00")), (2, None)] {
        let found = looked_up(&registry, &told[place]).unwrap();
        let found = found
            .iter()
            .find(|found| found.from == told[place].entry.from)
            .unwrap();
        let ceiling = ceiling.map(|text| rules::Money::parse(text).unwrap());
        assert_eq!(found.ceiling, ceiling, "{place}");
    }
    for place in [3, 4, 5, 6] {
        let found = looked_up(&registry, &told[place]).unwrap();
        assert!(found.contains(&told[place].entry), "{place}");
    }
}

#[tokio::test]
async fn what_has_none_keeps_nothing_else_out_and_is_told() {
    let simulated = SimulatedProvince::set().await;
    let platform = simulated.platform();
    let told = entries(&platform, &simulated).await;
    let people = listed(&platform, &simulated).await;
    for row in [
        odd(CATALOGUE, "/entries/0/ceiling", json!("面议")),
        odd(CATALOGUE, "/entries/1/from", json!("长期")),
        odd(CATALOGUE, "/entries/2/code", Value::Null),
        odd(REGISTRY, "/workers/0/name", Value::Null),
        odd(REGISTRY, "/workers/1/social_security_number", json!({})),
        odd(REGISTRY, "/divisions/0/name", Value::Null),
        odd(REGISTRY, "/institution/status", json!("待定")),
    ] {
        simulated.sandbox.add_fault(row);
    }
    let registry = registry(&simulated);
    let brought = synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    assert_eq!(brought.unreadable, 6);
    let faults = registry.faults().unwrap();
    assert_eq!((faults.registry, faults.catalogue), (4, 3));
    for place in [0, 1] {
        let error = looked_up(&registry, &told[place]).unwrap_err();
        let notice = error.notice();
        assert!(
            notice.say.contains(told[place].entry.code.as_str()),
            "{}",
            notice.say
        );
    }
    assert!(
        looked_up(&registry, &told[3])
            .unwrap()
            .contains(&told[3].entry)
    );
    assert!(matches!(
        registry.worker(&people[0]),
        Err(RegistryError::Malformed { .. })
    ));
    assert!(matches!(
        registry.institution(),
        Err(RegistryError::Malformed { .. })
    ));
    let holder = SocialSecurityNumber::parse(HOLDER).unwrap();
    assert!(people[0] == holder || registry.worker(&holder).unwrap().is_some());

    // Told anew and rightly, all of it is known.
    for set in [
        settlement_agent::registry::Set::Registry,
        settlement_agent::registry::Set::Catalogue,
    ] {
        registry.forget_cursor(set).unwrap();
    }
    synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap();
    let faults = registry.faults().unwrap();
    assert_eq!((faults.registry, faults.catalogue), (0, 0));
    assert!(
        looked_up(&registry, &told[0])
            .unwrap()
            .contains(&told[0].entry)
    );
    assert!(registry.institution().unwrap().is_some());
}

#[tokio::test]
async fn a_registry_that_does_not_come_keeps_no_catalogue_out() {
    let simulated = SimulatedProvince::set().await;
    let refused = Effect::Reject {
        code: "broken".into(),
        message: "备案库维修".into(),
    };
    simulated.sandbox.add_fault(fault(refused, REGISTRY));
    let registry = registry(&simulated);
    let platform = simulated.platform();
    let error = synchronise(&platform, &registry, || simulated.now())
        .await
        .unwrap_err();
    assert!(error.notice().say.contains("备案库维修"));
    let ages = registry.ages().unwrap();
    assert!(ages.registry.is_none() && ages.catalogue.is_some());
}
