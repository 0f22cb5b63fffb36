//! What a person reads of a walk along the journal.

use crate::ledger::Fault;
use crate::ledger::journal::Head;
use crate::wording::notice::Notice;

/// Everything stands as it was written.
pub(crate) fn sound(head: Option<&Head>, given: usize) -> String {
    let head = head.map_or_else(|| "（空）".to_owned(), ToString::to_string);
    let heads = match given {
        0 => String::new(),
        given => format!("所给的 {given} 个校验码都相符。"),
    };
    format!(
        "台账完好，台账校验码 {head}：每一条都是当时写下的，登记、结算和上传内容与之一致。{heads}"
    )
}

/// Something does not.
pub(crate) fn broken(sequence: i64, subject: &str, fault: Fault) -> Notice {
    let which = match subject {
        "" => format!("第 {sequence} 条"),
        subject => format!("第 {sequence} 条（{subject}）"),
    };
    let keep = "请信息科保留台账目录原样，联系技术支持；期间请走手工方式。";
    let compare = "请核对结算单上的台账校验码是否抄对；恢复过备份的，丢失部分里打印的结算单也会不符，请与经办机构逐笔核对。";
    let (found, next) = match fault {
        Fault::Altered => (format!("台账{which}被改动过。"), keep),
        Fault::Missing => (format!("台账{which}不见了。"), keep),
        Fault::TailCut => (
            format!("台账到{which}为止，之后应有的内容不见了。"),
            compare,
        ),
        Fault::NotTheHeadKnown => (
            format!("台账{which}与所给的校验码不符：台账被改写过，或换过一份。"),
            compare,
        ),
        Fault::RecordDiffers => (
            format!("台账{which}所记的登记、结算或上传，内容与当时写下的不同。"),
            keep,
        ),
        Fault::RecordUnheardOf => (format!("台账里有一条从没登记过的内容（{subject}）。"), keep),
    };
    Notice::new("journal_broken", found, next)
}
