//! What stands around every screen: who is signed in, and how the counter stands with the province.

use jiff::{SignedDuration, Timestamp};

use super::state::Page;
use crate::counter::Actor;
use crate::counter::{CounterState, LedgerState};
use crate::records::staff::Role;
use crate::wording::counter_state::{ledger_state, province_trouble};
use crate::wording::notice::Notice;
use crate::wording::phrasing;
use crate::wording::terms;

/// Head and foot of a screen.
pub(super) struct Frame {
    pub(super) institution: String,
    pub(super) operator: String,
    /// Who acts is one of the people who are set up, not the account.
    pub(super) person: bool,
    /// They keep the list of people.
    pub(super) keeps_staff: bool,
    /// When this screen was made.
    pub(super) at: String,
    pub(super) registry: Line,
    pub(super) province: Line,
    pub(super) uploads: Line,
    pub(super) ledger: Line,
    /// What must be seen to: said at the top of every screen, the ledger's before the uploads'.
    pub(super) alarms: Vec<Alarm>,
    /// What is told to whoever looks elsewhere.
    pub(super) alarm: Elsewhere,
}

/// What of the uploads is told in the title, by a sound and in a corner of the screen; nobody is named there.
#[derive(Default)]
pub(super) struct Elsewhere {
    /// Before the title; empty where there is nothing to tell.
    pub(super) mark: &'static str,
    pub(super) words: String,
    /// Late, waiting for a person, and nearly late: whoever was told is told again when one grows.
    pub(super) counts: String,
}

/// One alarm.
pub(super) struct Alarm {
    pub(super) say: String,
    /// What to do; none where the list of uploads says it.
    pub(super) next: Option<String>,
}

/// One line of the foot.
pub(super) struct Line {
    /// `good`, `care` or `bad`.
    pub(super) tone: &'static str,
    pub(super) say: String,
}

impl Line {
    fn new(tone: &'static str, say: impl Into<String>) -> Self {
        Self {
            tone,
            say: say.into(),
        }
    }
}

impl Frame {
    pub(super) async fn of(page: &Page, operator: &Actor) -> Self {
        let now = page.counter.clock().now();
        let settings = page.counter.settings();
        let mut frame = Self {
            institution: settings.institution.name.clone(),
            operator: operator.name.clone(),
            person: page.counter.has_staff(),
            keeps_staff: page.counter.has_staff() && operator.roles.have(Role::Administrator),
            at: terms::moment(now),
            registry: Line::new("bad", "备案信息：状态读不出来"),
            province: Line::new("bad", "省平台：状态读不出来"),
            uploads: Line::new("bad", "上传：状态读不出来"),
            ledger: Line::new("bad", "台账：状态读不出来"),
            alarms: Vec::new(),
            alarm: Elsewhere::default(),
        };
        // Said although the rest of the standing may not be readable.
        let stopped;
        (frame.ledger, stopped) = ledger(&page.counter.ledger_state());
        frame.alarms.extend(stopped);
        match page.counter.state().await {
            Ok(standing) => {
                frame.registry = registry(&standing, now);
                frame.province = match &standing.province_trouble {
                    None => Line::new("good", "省平台：连接正常"),
                    Some(trouble) => {
                        Line::new("care", format!("省平台：{}", province_trouble(trouble).say))
                    }
                };
                let alarm;
                (frame.uploads, alarm) = uploads(&standing);
                frame.alarm = elsewhere(&standing);
                frame
                    .alarms
                    .extend(alarm.map(|say| Alarm { say, next: None }));
            }
            Err(error) => frame.alarms.push(Alarm::from(Notice::from(&error))),
        }
        frame
    }
}

impl From<Notice> for Alarm {
    fn from(notice: Notice) -> Self {
        Self {
            say: notice.say,
            next: Some(notice.next),
        }
    }
}

/// The older of the two ages counts, and what is missing is named: without either nothing can be split or settled.
fn registry(standing: &CounterState, now: Timestamp) -> Line {
    let (registry, catalogue) = match (standing.registry_as_of, standing.catalogue_as_of) {
        (None, None) => return Line::new("bad", "备案信息和目录：还没有取得，不能办理"),
        (None, Some(_)) => return Line::new("bad", "备案信息：还没有取得，不能办理"),
        (Some(_), None) => return Line::new("bad", "目录：还没有取得，不能试算和结算"),
        (Some(registry), Some(catalogue)) => (registry, catalogue),
    };
    let age = |as_of| now.duration_since(as_of).max(SignedDuration::ZERO);
    let current = age(registry.min(catalogue)) < SignedDuration::from_hours(1);
    let faults = standing.registry_faults;
    let unreadable = faults.registry + faults.catalogue;
    let older = if catalogue < registry && !current {
        format!("，目录已更新（{}）", phrasing::age(age(catalogue)))
    } else {
        String::new()
    };
    let unread = if unreadable > 0 {
        format!(
            "，有 {unreadable} 条读不出来（备案 {}、目录 {}）",
            faults.registry, faults.catalogue
        )
    } else {
        String::new()
    };
    let since = phrasing::age(age(registry));
    let say = format!("备案信息已更新（{since}）{older}{unread}");
    let tone = if current && unreadable == 0 {
        "good"
    } else {
        "care"
    };
    Line::new(tone, say)
}

fn ledger(standing: &LedgerState) -> (Line, Option<Alarm>) {
    let line = match standing {
        LedgerState::Sound => Line::new("good", "台账：完好"),
        LedgerState::Checking => Line::new("care", "台账：正在检查"),
        LedgerState::Unknown(_) => Line::new("care", "台账：没有查清"),
        LedgerState::Stopped(_) | LedgerState::Full(_) => Line::new("bad", "台账：已停止办理"),
    };
    (line, ledger_state(standing).map(Alarm::from))
}

fn uploads(standing: &CounterState) -> (Line, Option<String>) {
    let alarm = upload_alarm(standing.late_uploads, standing.rejected_uploads);
    let line = match (standing.open_uploads, standing.nearly_late_uploads) {
        (0, _) => Line::new("good", "上传：没有等待的"),
        (open, _) if alarm.is_some() => Line::new("bad", format!("上传：{open} 条未送达")),
        (open, 0) => Line::new("calm", format!("上传：{open} 条等待送达")),
        (open, near) => Line::new("care", format!("上传：{open} 条等待送达，{near} 条快到期")),
    };
    (line, alarm)
}

fn upload_alarm(late: usize, rejected: usize) -> Option<String> {
    match (late, rejected) {
        (0, 0) => None,
        (late, 0) => Some(format!("有 {late} 条上传已逾期，系统仍在继续上传。")),
        (0, rejected) => Some(format!("有 {rejected} 条上传须人工处理。")),
        (late, rejected) => Some(format!("有 {late} 条上传已逾期、{rejected} 条须人工处理。")),
    }
}

fn elsewhere(standing: &CounterState) -> Elsewhere {
    let (late, rejected, near) = (
        standing.late_uploads,
        standing.rejected_uploads,
        standing.nearly_late_uploads,
    );
    let mark = match (late, rejected, near) {
        (0, 0, 0) => "",
        (0, 0, _) => "【上传快到期】",
        (0, ..) => "【上传须处理】",
        _ => "【上传逾期】",
    };
    let words = upload_alarm(late, rejected)
        .unwrap_or_else(|| format!("有 {near} 条上传不到 5 分钟就要逾期。"));
    Elsewhere {
        mark,
        words,
        counts: format!("{late} {rejected} {near}"),
    }
}
