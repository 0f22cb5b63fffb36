//! Marks that the configuration gives.

use super::*;

#[test]
fn marks_of_the_configuration_fill_what_the_file_lacks_and_nothing_else() {
    let injury = [("伙食费".to_owned(), false), ("XN02".to_owned(), true)].into();
    let restriction = [("药品".to_owned(), true)].into();
    let mapping = Mapping::default().with_marks(&injury, &restriction);
    let text = "日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤\n\
                2025-08-12,西药费,XN02,药,72,1,72.00,\n\
                2025-08-12,西药费,XN02,药,72,1,72.00,否\n\
                2025-08-12,西药费,XC08,药,72,1,72.00,\n\
                2025-08-12,伙食费,MEAL,餐,10,1,10.00,\n\
                合计,,,,,,226.00,";
    let read = read(text.as_bytes(), &mapping).unwrap();
    let marks: Vec<_> = read
        .bill
        .lines
        .iter()
        .map(|line| (line.treats_injury, line.restriction_met))
        .collect();
    assert_eq!(
        marks,
        [
            (Some(true), Some(true)),
            (Some(false), Some(true)),
            (None, Some(true)),
            (Some(false), None),
        ]
    );
    let said = notes(&read).join("；");
    for part in [
        "文件没有“治疗工伤”，按配置标“是”（第 2 行）",
        "文件没有“治疗工伤”，按配置标“否”（第 5 行）",
        "文件没有“限制条件”，按配置标“符合”（第 2、3、4 行）",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
