//! A policy's text before and beside its tree: how deep its brackets are, and where the elements of its two sets stand.
//!

/// The engine's parser takes twice as long for each bracket inside of another, and nothing stops it.
const DEEPEST: u32 = 12;
/// Two to the power of its depth for each bracket. A long policy as people write them has some ten thousands.
const COST: u64 = 1 << 18;

/// What is neither text in quotes nor a comment; a place in bytes with each.
fn code(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut within = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, letter)| {
        let before = within;
        within = match (within, letter) {
            (None, '"' | '`' | '#') => Some(*letter),
            (Some('#'), '\n') => None,
            (Some('"'), '"') if escaped => Some('"'),
            (Some(quote @ ('"' | '`')), end) if quote == *end => None,
            (same, _) => same,
        };
        escaped = before == Some('"') && *letter == '\\' && !escaped;
        before.is_none() && within.is_none()
    })
}

/// Line and column of a place in bytes.
pub(crate) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or_default();
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// Line and column of the first bracket that is inside of too many others, alone or together with those before it.
pub(crate) fn too_deep(text: &str) -> Option<(usize, usize)> {
    let (mut depth, mut cost) = (0_u32, 0_u64);
    for (at, letter) in code(text) {
        match letter {
            '[' | '{' => {
                depth += 1;
                cost += 1 << depth;
            }
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST || cost > COST {
            return Some(place(text, at));
        }
    }
    None
}

/// From behind `contains` to `if`, of the definition whose name ends at `from`: a place in bytes, and where it ends.
pub(crate) fn element(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let (mut depth, mut word, mut begins, mut last) = (0_usize, 0, None, 0);
    for (at, letter) in code(rest) {
        let name = letter.is_alphanumeric() || letter == '_';
        let joined = name && last == at && last > word;
        if name && !joined {
            word = at;
        }
        last = if name { at + letter.len_utf8() } else { 0 };
        let whole = !rest[at + letter.len_utf8()..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
        match letter {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth = depth.saturating_sub(1),
            _ if !name || !whole || depth > 0 => {}
            _ => match (&rest[word..at + letter.len_utf8()], begins) {
                ("contains", None) => begins = Some(at + 1),
                ("if", Some(begins)) => return Some((from + begins, from + word)),
                _ if begins.is_none() => return None,
                _ => {}
            },
        }
    }
    None
}

/// Texts put between, none of which has a line end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Inserted {
    pub(crate) text: String,
    /// Line, column and length, in order.
    places: Vec<(usize, usize, usize)>,
}

impl Inserted {
    /// `inserts` are places in bytes, in order.
    pub(crate) fn new(text: &str, inserts: &[(usize, &str)]) -> Self {
        let (mut made, mut from) = (Self::default(), 0);
        for (at, insert) in inserts {
            made.text.push_str(&text[from..*at]);
            let (line, column) = place(&made.text, made.text.len());
            made.places.push((line, column, insert.chars().count()));
            made.text.push_str(insert);
            from = *at;
        }
        made.text.push_str(&text[from..]);
        made
    }

    /// The column before anything was put between.
    pub(crate) fn column(&self, line: usize, column: usize) -> usize {
        let before = self.places.iter().filter(|(of, begins, _)| *of == line && *begins < column);
        column - before.map(|(_, begins, length)| (*length).min(column - begins)).sum::<usize>()
    }
}
