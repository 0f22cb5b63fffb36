//! The ruled table of Annex 10: the grid of entries, the amounts with their diagonal corner, the sentence of the sums.

use super::data::{Annex10, Grid};
use super::sheet::{FRAME_PT, GRID_TOP, LEFT, RIGHT, RULE_PT, Sheet, WIDTH};
use crate::RenderError;
use crate::page::Area;
use crate::typesetting::{Align, Style};
use crate::wording as w;

// In millimetres, as on the sheet.
const GRID_ROW: f32 = 12.0;
const MATRIX_TOP: f32 = GRID_TOP + 3.0 * GRID_ROW;
const MATRIX_HEAD: f32 = 16.0;
const MATRIX_ROW: f32 = 13.5;
const TOTALS_TOP: f32 = MATRIX_TOP + MATRIX_HEAD + 3.0 * MATRIX_ROW;
/// Width of the row labels; of it the cell beside two rows.
const ROW_LABELS: f32 = 51.0;
const NOT_FUND_WIDTH: f32 = 23.0;
const COLUMN: f32 = (WIDTH - ROW_LABELS) / 6.0;
pub(super) const TABLE_BOTTOM: f32 = TOTALS_TOP + 14.0;

const LABEL: Style = Style::new(10.5, 8.0, Align::Centre);
const ENTRY: Style = Style::new(10.5, 6.5, Align::Centre);
const AMOUNT: Style = Style::new(11.0, 7.0, Align::Right).one_line();
const SENTENCE: Style = Style::new(11.0, 7.0, Align::Left).one_line();

impl Sheet<'_> {
    pub(super) fn grid(&mut self, grid: &Grid) -> Result<(), RenderError> {
        let rows: [[(&'static str, &str); 4]; 3] = [
            [
                (w::NAME, &grid.name),
                (w::PERSON_CATEGORY, &grid.person_category),
                (w::INSURED_PLACE, &grid.insured_place),
                (w::SOCIAL_SECURITY_NUMBER, &grid.social_security_number),
            ],
            [
                (w::BENEFIT_CATEGORY, &grid.benefit_category),
                (w::BUSINESS_CATEGORY, &grid.business_category),
                (w::SETTLED_AT, &grid.settled_at),
                (w::DEPARTMENT, &grid.department),
            ],
            [
                (w::INPATIENT_NUMBER, &grid.inpatient_number),
                (w::ADMITTED_AT, &grid.admitted_at),
                (w::DISCHARGED_AT, &grid.discharged_at),
                (w::DAYS, &grid.days),
            ],
        ];
        // Label and entry of each of the four columns; together the width of the table.
        let widths = [(20.0, 47.0), (20.0, 40.0), (20.0, 46.0), (27.0, 47.0)];
        let mut top = GRID_TOP;
        for row in rows {
            let mut left = LEFT;
            for ((field, entry), (label_width, entry_width)) in row.into_iter().zip(widths) {
                let label = Area::new(left, top, label_width, GRID_ROW);
                self.word(field, label.padded(1.0), LABEL)?;
                let cell = Area::new(left + label_width, top, entry_width, GRID_ROW);
                self.put(field, entry, cell.padded(1.5), ENTRY)?;
                left += label_width + entry_width;
                if left < RIGHT {
                    self.down(left, top, GRID_ROW);
                }
                self.down(cell.left, top, GRID_ROW);
            }
            top += GRID_ROW;
            self.across(LEFT, top);
        }
        let table = Area::new(LEFT, GRID_TOP, WIDTH, TABLE_BOTTOM - GRID_TOP);
        self.page.frame(table, FRAME_PT);
        Ok(())
    }

    pub(super) fn matrix(&mut self, data: &Annex10) -> Result<(), RenderError> {
        self.matrix_head()?;
        let rows = [
            (w::FUND, &data.matrix.fund, 0.0),
            (w::SELF_PAY, &data.matrix.self_pay, NOT_FUND_WIDTH),
            (w::OTHER, &data.matrix.other, NOT_FUND_WIDTH),
        ];
        let mut top = MATRIX_TOP + MATRIX_HEAD;
        let beside_two = Area::new(LEFT, top + MATRIX_ROW, NOT_FUND_WIDTH, 2.0 * MATRIX_ROW);
        self.word(w::NOT_FUND, beside_two.padded(1.5), LABEL)?;
        self.down(LEFT + NOT_FUND_WIDTH, beside_two.top, beside_two.height);
        for (field, amounts, indent) in rows {
            let label = Area::new(LEFT + indent, top, ROW_LABELS - indent, MATRIX_ROW);
            self.word(field, label.padded(1.5), LABEL)?;
            let mut left = LEFT + ROW_LABELS;
            for amount in amounts.in_order() {
                let cell = Area::new(left, top, COLUMN, MATRIX_ROW);
                self.put(field, amount, cell.padded(2.0), AMOUNT)?;
                self.down(left, top, MATRIX_ROW);
                left += COLUMN;
            }
            top += MATRIX_ROW;
            self.across(
                if field == w::SELF_PAY {
                    LEFT + indent
                } else {
                    LEFT
                },
                top,
            );
        }
        Ok(())
    }

    /// The diagonal cell 项目 / 费别 and the six columns' names.
    fn matrix_head(&mut self) -> Result<(), RenderError> {
        let corner = Area::new(LEFT, MATRIX_TOP, ROW_LABELS, MATRIX_HEAD);
        let bottom = MATRIX_TOP + MATRIX_HEAD;
        self.page
            .rule((LEFT, MATRIX_TOP), (LEFT + ROW_LABELS, bottom), RULE_PT);
        let half = MATRIX_HEAD / 2.0;
        let above = Area {
            height: half,
            ..corner
        }
        .padded(6.0);
        let below = Area {
            top: MATRIX_TOP + half,
            height: half,
            ..corner
        }
        .padded(6.0);
        self.word(w::ITEM, above, LABEL.aligned(Align::Right))?;
        self.word(w::CATEGORY, below, LABEL.aligned(Align::Left))?;
        let names = [
            w::DRUG,
            w::TREATMENT,
            w::INPATIENT_SERVICE,
            w::REHABILITATION,
            w::ASSISTIVE_DEVICE,
            w::TOTAL,
        ];
        let mut left = LEFT + ROW_LABELS;
        for name in names {
            let cell = Area::new(left, MATRIX_TOP, COLUMN, MATRIX_HEAD);
            self.word(name, cell.padded(1.5), LABEL)?;
            self.down(left, MATRIX_TOP, MATRIX_HEAD);
            left += COLUMN;
        }
        self.across(LEFT, bottom);
        Ok(())
    }

    pub(super) fn totals(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let height = TABLE_BOTTOM - TOTALS_TOP;
        let label = Area::new(LEFT, TOTALS_TOP, ROW_LABELS, height);
        self.word(w::TOTAL, label, LABEL)?;
        self.down(LEFT + ROW_LABELS, TOTALS_TOP, height);
        let totals = &data.totals;
        let sentence = [
            w::THIS_TIME,
            &totals.total,
            w::OF_WHICH_FUND,
            &totals.fund,
            w::OF_WHICH_PERSONAL,
            &totals.personal,
            w::END_OF_TOTALS,
        ]
        .concat();
        let cell = Area::new(LEFT + ROW_LABELS, TOTALS_TOP, WIDTH - ROW_LABELS, height);
        self.put(w::TOTAL, &sentence, cell.padded(4.0), SENTENCE)
    }

    /// A line down from `top`.
    fn down(&mut self, left: f32, top: f32, height: f32) {
        self.page.rule((left, top), (left, top + height), RULE_PT);
    }

    /// A line from `left` to the table's right edge.
    fn across(&mut self, left: f32, top: f32) {
        self.page.rule((left, top), (RIGHT, top), RULE_PT);
    }
}
