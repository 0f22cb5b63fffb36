//! The people the simulated province knows, with dates relative to its today.

use crate::records::{Filing, Injury, Institution, Notice, Worker};
use jiff::ToSpan;
use jiff::civil::Date;

/// Code of the one hospital the province has an agreement with.
pub const INSTITUTION: &str = "H43010300001";

/// Division of the hospital's place.
const CHANGSHA: &str = "430100";

/// A social security card the province has issued.
pub(crate) struct Card {
    pub(crate) number: &'static str,
    pub(crate) id: &'static str,
    pub(crate) holder: &'static str,
    /// It answers internal authentication; one that does not is an old one of 1.0 or 2.0.
    pub(crate) proves_itself: bool,
    pub(crate) lost: bool,
}

/// The synthetic card of the project's card document, in the pocket of the first worker; with it an old card of hers, another
/// worker's, and one that was lost.
pub(crate) const CARDS: [Card; 4] = [
    Card {
        number: "T0000001X",
        id: "320100D15600000500000001FFFFFFFF",
        holder: "650102199003070013",
        proves_itself: true,
        lost: false,
    },
    Card {
        number: "T00000028",
        id: "320100D15600000500000002FFFFFFFF",
        holder: "650102199003070013",
        proves_itself: false,
        lost: false,
    },
    Card {
        number: "T00000036",
        id: "320100D15600000500000003FFFFFFFF",
        holder: "430402198811120032",
        proves_itself: true,
        lost: false,
    },
    Card {
        number: "T00000044",
        id: "320100D15600000500000004FFFFFFFF",
        holder: "650102199003070013",
        proves_itself: true,
        lost: true,
    },
];

/// Whether a worker has a filing for the hospital's place: only these are synchronised.
pub(crate) fn is_filed_here(worker: &Worker) -> bool {
    worker
        .filings
        .iter()
        .any(|filing| filing.place.starts_with(&CHANGSHA[..4]))
}

/// The worker with two injuries.
const WITH_TWO_INJURIES: &str = "430402198811120032";

struct Person {
    number: &'static str,
    name: &'static str,
    insured: &'static str,
    filed: Filed,
    otherwise: Otherwise,
}

/// The filing a person has; days are relative to today.
enum Filed {
    Not,
    Medical {
        basis: &'static str,
        place: &'static str,
        from: i32,
        to: i32,
    },
    Rehabilitation {
        from: i32,
        to: i32,
    },
    Device {
        code: &'static str,
        limit: &'static str,
        with_notice: bool,
    },
    Pending,
}

/// What is not as with most.
#[derive(PartialEq)]
enum Otherwise {
    No,
    Suspended,
    EligibilityLost,
    EligibilityUnknown,
    NotConfirmed,
    ProvincialLevel,
}

const TRANSFER_IN_TIME: Filed = Filed::Medical {
    basis: "transfer",
    place: CHANGSHA,
    from: -20,
    to: 71,
};

const PEOPLE: [Person; 17] = [
    person(
        "650102199003070013",
        "测试一",
        "650100",
        TRANSFER_IN_TIME,
        Otherwise::No,
    ),
    person(
        "650102198805140023",
        "阿依古丽·买买提",
        "650100",
        Filed::Not,
        Otherwise::No,
    ),
    person(
        "650103197911230032",
        "王建国",
        "650100",
        Filed::Medical {
            basis: "transfer",
            place: CHANGSHA,
            from: -150,
            to: -60,
        },
        Otherwise::No,
    ),
    person(
        "620102198302090049",
        "马文军",
        "620100",
        Filed::Medical {
            basis: "resident_work",
            place: "430200",
            from: -30,
            to: 150,
        },
        Otherwise::No,
    ),
    person(
        "510104199208170052",
        "李四明",
        "510100",
        TRANSFER_IN_TIME,
        Otherwise::No,
    ),
    person(
        "440306199506300068",
        "陈小燕",
        "440300",
        TRANSFER_IN_TIME,
        Otherwise::Suspended,
    ),
    person(
        "520102198701190078",
        "杨光",
        "520100",
        TRANSFER_IN_TIME,
        Otherwise::EligibilityLost,
    ),
    person(
        "53010219941005008X",
        "普布次仁",
        "530100",
        TRANSFER_IN_TIME,
        Otherwise::EligibilityUnknown,
    ),
    person(
        "360102198001010144",
        "刘志强",
        "360100",
        TRANSFER_IN_TIME,
        Otherwise::NotConfirmed,
    ),
    person(
        "430402198811120032",
        "周海波",
        "430400",
        Filed::Medical {
            basis: "long_residence",
            place: CHANGSHA,
            from: -100,
            to: 80,
        },
        Otherwise::No,
    ),
    person(
        "430421199002230104",
        "谭秀英",
        "430400",
        Filed::Not,
        Otherwise::No,
    ),
    person(
        "430402197608080114",
        "邓国平",
        "430400",
        TRANSFER_IN_TIME,
        Otherwise::ProvincialLevel,
    ),
    person(
        "430102198504160126",
        "黄长沙",
        "430100",
        Filed::Not,
        Otherwise::No,
    ),
    person(
        "650102199109010131",
        "努尔兰·哈力克",
        "650100",
        Filed::Rehabilitation { from: -15, to: 160 },
        Otherwise::No,
    ),
    person(
        "650102198212250155",
        "赵铁柱",
        "650100",
        Filed::Device {
            code: "FJ010100000001",
            limit: "15500.00",
            with_notice: true,
        },
        Otherwise::No,
    ),
    person(
        "110101199003070169",
        "孙丽",
        "110101",
        Filed::Device {
            code: "FJ110100000011",
            limit: "1500.00",
            with_notice: false,
        },
        Otherwise::No,
    ),
    person(
        "430402197003120179",
        "罗大山",
        "430400",
        Filed::Pending,
        Otherwise::No,
    ),
];

const fn person(
    number: &'static str,
    name: &'static str,
    insured: &'static str,
    filed: Filed,
    otherwise: Otherwise,
) -> Person {
    Person {
        number,
        name,
        insured,
        filed,
        otherwise,
    }
}

/// Everybody, with dates around `today`.
pub(crate) fn workers(today: Date) -> anyhow::Result<Vec<Worker>> {
    PEOPLE
        .iter()
        .enumerate()
        .map(|(index, person)| worker(person, index, today))
        .collect()
}

fn worker(person: &Person, index: usize, today: Date) -> anyhow::Result<Worker> {
    let number = format!("{CHANGSHA}-{}-{:06}", today.year(), index + 1);
    let mut confirmations = vec!["injury_recognition".to_owned()];
    match person.filed {
        Filed::Rehabilitation { .. } => confirmations.push("rehabilitation".into()),
        Filed::Device { .. } => confirmations.push("assistive_device".into()),
        Filed::Not | Filed::Medical { .. } | Filed::Pending => {}
    }
    if person.otherwise == Otherwise::NotConfirmed {
        confirmations.clear();
    }
    let eligibility = match person.otherwise {
        Otherwise::EligibilityLost => "lost",
        Otherwise::EligibilityUnknown => "unknown",
        Otherwise::No
        | Otherwise::Suspended
        | Otherwise::NotConfirmed
        | Otherwise::ProvincialLevel => "eligible",
    };
    let level = if person.otherwise == Otherwise::ProvincialLevel {
        "province"
    } else {
        "prefecture"
    };
    Ok(Worker {
        social_security_number: person.number.into(),
        name: person.name.into(),
        insured_division: person.insured.into(),
        insured_level: level.into(),
        confirmations,
        eligibility: eligibility.into(),
        suspended: person.otherwise == Otherwise::Suspended,
        filings: filing(&person.filed, &number, today)?.into_iter().collect(),
        notices: notice(&person.filed, &number).into_iter().collect(),
        injuries: injuries(person, index, today)?,
    })
}

/// Whoever's injury was recognised has one on the list; one worker has an occupational disease besides.
fn injuries(person: &Person, index: usize, today: Date) -> anyhow::Result<Vec<Injury>> {
    if person.otherwise == Otherwise::NotConfirmed {
        return Ok(Vec::new());
    }
    let year = today.year() - 1;
    let mut injuries = vec![Injury {
        decision_number: format!("工伤认〔{year}〕{:04}号", 800 + index),
        injured_on: Some(today.checked_sub(200.days())?.to_string()),
        body_part: "左小腿".into(),
        employer: "示范建筑工程有限公司".into(),
        occupational_disease: false,
    }];
    if person.number == WITH_TWO_INJURIES {
        injuries.push(Injury {
            decision_number: format!("工伤认〔{year}〕{:04}号", 900 + index),
            injured_on: None,
            body_part: "双肺".into(),
            employer: "示范矿业有限公司".into(),
            occupational_disease: true,
        });
    }
    Ok(injuries)
}

fn filing(filed: &Filed, number: &str, today: Date) -> anyhow::Result<Option<Filing>> {
    let day = |offset: i32| today.checked_add(offset.days());
    let (form, basis, care, place, from, to) = match *filed {
        Filed::Not => return Ok(None),
        Filed::Medical {
            basis,
            place,
            from,
            to,
        } => ("medical", basis, Some("medical"), place, from, to),
        Filed::Rehabilitation { from, to } => (
            "medical",
            "transfer",
            Some("rehabilitation"),
            CHANGSHA,
            from,
            to,
        ),
        Filed::Device { .. } => ("device", "long_residence", None, CHANGSHA, -40, 140),
        Filed::Pending => ("medical", "transfer", Some("medical"), CHANGSHA, 0, 90),
    };
    let pending = matches!(filed, Filed::Pending);
    let approved_at = (!pending)
        .then(|| day(from).map(|day| format!("{day}T09:00:00+08:00")))
        .transpose()?;
    Ok(Some(Filing {
        number: number.to_owned(),
        form: form.into(),
        basis: basis.into(),
        care: care.map(Into::into),
        place: place.into(),
        status: if pending { "pending" } else { "approved" }.into(),
        approved_at,
        cancelled_at: None,
        valid_from: day(from)?.to_string(),
        valid_to: day(to)?.to_string(),
        back_filing: None,
    }))
}

fn notice(filed: &Filed, filing_number: &str) -> Option<Notice> {
    match *filed {
        Filed::Device {
            code,
            limit,
            with_notice,
        } => Some(Notice {
            number: with_notice.then(|| format!("HF-{filing_number}")),
            filing_number: filing_number.to_owned(),
            device_code: code.into(),
            used: false,
            reason: "first".into(),
            limit: limit.into(),
            minimum_years: 3,
            last_fitted_on: None,
        }),
        Filed::Not | Filed::Medical { .. } | Filed::Rehabilitation { .. } | Filed::Pending => None,
    }
}

/// The one hospital this province has.
pub(crate) fn institution() -> Institution {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Institution {
        code: INSTITUTION.into(),
        name: "长沙市工伤定点示范医院".into(),
        division: "430103".into(),
        grade: "三级甲等".into(),
        status: "active".into(),
        status_since: None,
        channels: texts(&["cross_province", "intra_province"]),
        kinds: texts(&[
            "inpatient_medical",
            "inpatient_rehabilitation",
            "outpatient_medical",
            "outpatient_rehabilitation",
            "assistive_device",
        ]),
    }
}

/// Names of the divisions that occur.
pub(crate) const DIVISIONS: [(&str, &str); 21] = [
    ("110000", "北京市"),
    ("360000", "江西省"),
    ("360100", "南昌市"),
    ("430000", "湖南省"),
    ("430100", "长沙市"),
    ("430103", "天心区"),
    ("430200", "株洲市"),
    ("430400", "衡阳市"),
    ("440000", "广东省"),
    ("440300", "深圳市"),
    ("510000", "四川省"),
    ("510100", "成都市"),
    ("520000", "贵州省"),
    ("520100", "贵阳市"),
    ("530000", "云南省"),
    ("530100", "昆明市"),
    ("620000", "甘肃省"),
    ("620100", "兰州市"),
    ("650000", "新疆维吾尔自治区"),
    ("650100", "乌鲁木齐市"),
    ("110101", "东城区"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_number_with_a_right_check_digit() {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        for person in PEOPLE {
            let bytes = person.number.as_bytes();
            let sum: usize = bytes
                .iter()
                .zip(weights)
                .map(|(digit, weight)| usize::from(digit - b'0') * weight)
                .sum();
            assert_eq!(bytes[17], b"10X98765432"[sum % 11], "{}", person.number);
        }
    }

    #[test]
    fn the_holder_of_the_card_is_filed_for_changsha_around_any_today() {
        let workers = workers(jiff::civil::date(2028, 2, 29)).unwrap();
        assert_eq!(workers[0].social_security_number, CARDS[0].holder);
        assert_eq!(workers[0].filings[0].valid_from, "2028-02-09");
        assert_eq!(workers[0].filings[0].valid_to, "2028-05-10");
        assert_eq!(
            workers[0].filings[0].approved_at.as_deref(),
            Some("2028-02-09T09:00:00+08:00")
        );
        assert!(is_filed_here(&workers[0]));
        assert!(!is_filed_here(&workers[1]));
        assert!(!is_filed_here(&workers[3]));
    }
}
