//! What a kind costs to write: its folder, its driver and its example, in lines of at most 130 columns.

use std::fs;
use std::path::{Path, PathBuf};

use tokaido::kinds;
use unicode_width::UnicodeWidthStr as _;

use crate::levels::rust_files;

/// As rustfmt is told; a longer line counts as the lines that it would take.
const COLUMNS: usize = 130;

/// The mean of the sixth and the seventh of twelve, the network and the security group: no kind may make it larger. A network took
/// 159 lines before its blocks of both families were read and taken away, each by the id of its association. The kinds after these
/// two have what no other kind has, such as 27 attributes in both languages.
const MEDIAN: usize = 218;

/// A subnet: everything in the listing, three attributes that can change, of which one is taken away by the id of its association.
const SMALL: usize = 142;

/// An observed kind has no calls that change something. It is counted apart: among the others, many short kinds would let their
/// median grow. A cluster has thirteen attributes in both languages; what belongs to a transit gateway is also read in the account
/// that owns the gateway, and both views are put together.
const OBSERVED: usize = 207;

fn lines(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| line.width().div_ceil(COLUMNS).max(1)).sum()
}

#[test]
#[expect(clippy::print_stderr, reason = "the table is what somebody runs this test with --nocapture for")]
fn a_kind_is_short() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let [mut table, mut observed]: [Vec<(usize, String)>; 2] = [Vec::new(), Vec::new()];
    for kind in kinds::ALL {
        let name = kind.schema.kind.replace('-', "_");
        let folder = format!("src/kinds/{name}");
        let of_folder: usize = rust_files(&folder).iter().map(|file| lines(&root.join(file))).sum();
        let example = lines(&root.join(&folder).join("example.yaml"));
        let driver = lines(&root.join(format!("src/aws/drivers/{name}.rs")));
        let sum = of_folder + example + driver;
        let row = (sum, format!("{name}: folder {of_folder}, driver {driver}, example {example}"));
        if kind.schema.observed { observed.push(row) } else { table.push(row) }
    }
    table.sort();
    let long: Vec<_> = observed.iter().filter(|(sum, _)| *sum > OBSERVED).collect();
    assert!(long.is_empty() && !observed.is_empty(), "an observed kind is shorter: {long:#?}");
    let shown = table.iter().map(|(sum, parts)| format!("{sum:>5}  {parts}")).collect::<Vec<_>>().join("\n");
    let median = usize::midpoint(table[(table.len() - 1) / 2].0, table[table.len() / 2].0);
    assert!(median <= MEDIAN, "the median kind has {median} lines:\n{shown}");
    let subnet = table.iter().find(|(_, parts)| parts.starts_with("subnet:")).map_or(0, |(sum, _)| *sum);
    assert!((1..=SMALL).contains(&subnet), "a subnet takes {subnet} lines:\n{shown}");
    eprintln!("{shown}\nmedian {median}\nobserved: {observed:#?}");
}
