//! Dice that fall the same way for the same seed.

/// A source of choices; how often a field is drawn out of the ordinary is chosen once a case.
pub(crate) struct Dice {
    state: u64,
    trouble: u64,
}

impl Dice {
    /// The dice of one case of a run.
    pub(crate) fn of_case(seed: u64, case: u64) -> Self {
        let mut dice = Self {
            state: seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ case,
            trouble: 0,
        };
        // Twice, so that neighbouring cases have nothing in common.
        dice.state = dice.next();
        dice.trouble = *dice.pick(&[0, 0, 10, 20, 40, 150]);
        dice
    }

    /// The next number of `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but without, the bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A number from 0 up to, but without, the bound, as an offset that may be added to anything.
    pub(crate) fn small(&mut self, bound: u32) -> i64 {
        i64::from(u32::try_from(self.below(u64::from(bound))).unwrap())
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = self.below(choices.len() as u64);
        &choices[usize::try_from(index).unwrap()]
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// True where this case's field is to be out of the ordinary.
    pub(crate) fn odd(&mut self) -> bool {
        self.below(1000) < self.trouble
    }

    /// The ordinary choice; now and then one of the others.
    pub(crate) fn mostly<T: Copy>(&mut self, ordinary: T, others: &[T]) -> T {
        if self.odd() {
            *self.pick(others)
        } else {
            ordinary
        }
    }
}
