//! Where a difference lies: `attribute`, `attribute[element]`, `attribute[element].field`, `attribute[element].field[item]`.

use super::name::Name;

/// The parts of a path. The only reader of this grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<'a> {
    pub attribute: &'a str,
    pub element: Option<&'a str>,
    pub field: Option<&'a str>,
    pub item: Option<&'a str>,
}

impl<'a> Path<'a> {
    /// `keyed` says whether the elements of an attribute have keys: only those have fields, and everywhere else an element is
    /// text of any kind, `].` included.
    #[must_use]
    pub fn read(path: &'a str, keyed: impl FnOnce(&str) -> bool) -> Self {
        let attribute = attribute(path);
        let Some(rest) = path.get(attribute.len() + 1..) else {
            return Self { attribute, element: None, field: None, item: None };
        };
        let Some((element, field)) = rest.split_once("].").filter(|_| keyed(attribute)) else {
            return Self { attribute, element: Some(closed(rest)), field: None, item: None };
        };
        let (field, item) = field.split_once('[').map_or((field, None), |(field, item)| (field, Some(closed(item))));
        Self { attribute, element: Some(element), field: Some(field), item }
    }
}

/// The name of the attribute that a path lies in.
#[must_use]
pub fn name(path: &str) -> Name {
    Name::interned(attribute(path))
}

/// Its text.
#[must_use]
pub fn attribute(path: &str) -> &str {
    path.split('[').next().unwrap_or(path)
}

fn closed(text: &str) -> &str {
    text.strip_suffix(']').unwrap_or(text)
}
