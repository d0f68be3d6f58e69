//! Many short lists of positions in two pieces of memory: a large estate has tens of thousands of them.

use std::ops::Index;

/// Lists of positions, by position.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    /// Where each list ends in `items`; it begins where the one before it ends.
    ends: Vec<usize>,
    items: Vec<usize>,
}

impl Lists {
    /// So many lists. `tell` names each list with each of its items, the same on both calls: once they are counted, then they are
    /// taken. The items of a list stay in the order in which they are named.
    pub(super) fn of(many: usize, tell: impl Fn(&mut dyn FnMut(usize, usize))) -> Self {
        let mut ends = vec![0; many];
        tell(&mut |list, _| ends[list] += 1);
        let mut all = 0;
        for end in &mut ends {
            // For now where the list begins.
            all += std::mem::replace(end, all);
        }
        let mut items = vec![0; all];
        tell(&mut |list, item| {
            items[ends[list]] = item;
            ends[list] += 1;
        });
        Self { ends, items }
    }

    /// The same lists sorted, each item once.
    pub(super) fn sorted(mut self) -> Self {
        let (mut from, mut kept) = (0, 0);
        for end in &mut self.ends {
            self.items[from..*end].sort_unstable();
            let begin = kept;
            for at in from..*end {
                let item = self.items[at];
                if kept == begin || self.items[kept - 1] != item {
                    self.items[kept] = item;
                    kept += 1;
                }
            }
            from = std::mem::replace(end, kept);
        }
        self.items.truncate(kept);
        self.items.shrink_to_fit();
        self
    }

    /// The lists in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|list| &self[list])
    }
}

impl Index<usize> for Lists {
    type Output = [usize];

    fn index(&self, list: usize) -> &[usize] {
        let begin = list.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[begin..self.ends[list]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_in_order_until_they_are_sorted() {
        let pairs = [(2, 9), (0, 4), (2, 1), (2, 9), (0, 4)];
        let lists = Lists::of(4, |tell| pairs.iter().for_each(|(list, item)| tell(*list, *item)));
        assert_eq!(lists.iter().collect::<Vec<_>>(), [&[4, 4][..], &[], &[9, 1, 9], &[]]);
        let sorted = lists.sorted();
        assert_eq!(sorted.iter().collect::<Vec<_>>(), [&[4][..], &[], &[1, 9], &[]]);
        assert_eq!(sorted[2], [1, 9]);
    }
}
