//! What is expected where something else stands.

pub(super) const NOT_AN_OBJECT: &str = "应为对象：{\"date\":…, \"code\":…, …}，一行明细一个";
pub(super) const NOT_A_VALUE: &str = "应为文字或数字，不能是列表或对象";
pub(super) const NOT_A_TRUTH_VALUE: &str = "这里不能写 true 或 false";
pub(super) const BROKEN_TEXT: &str = "文字里有不成对的 \\u 转义，读不出来";
pub(super) const KEY_TWICE: &str = "同一项写了两次，不能替您挑选";
pub(super) const CODE_AS_NUMBER: &str = "应为文字（加引号）：写成数字会丢掉前面的 0";
pub(super) const NUMBERS_OR_NONE: &str = "前面的明细没有序号：要么每行都有，要么都没有";
pub(super) const COUNT: &str = "应为正整数：整张账单的明细行数";
pub(super) const ONLY_AT_THE_CLOSE: &str = "分段里不写，收尾时再写";
pub(super) const CLOSE_MISSING: &str =
    "缺少：收尾须写明细行数 count 和金额合计 total，否则不知道账单是否完整";

pub(super) fn count_wrong(lines: u64) -> String {
    format!("收到的明细是 {lines} 行，两者不一致；请重新发送完整的账单")
}
