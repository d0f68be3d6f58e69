//! Where a difference lies: `attribute`, `attribute[element]`, `attribute[element].field`, `attribute[element].field[item]`.

use super::name::Name;

/// The parts of a path, as texts of it. [`Self::read`] is the only reader of this grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<'a> {
    /// The name of the attribute: `rules`.
    pub attribute: &'a str,
    /// The key or the text of an element: `ingress tcp 443 203.0.113.0/24`.
    pub element: Option<&'a str>,
    /// The name of a field of the element. Only elements with a key have fields.
    pub field: Option<&'a str>,
    /// An item of that field.
    pub item: Option<&'a str>,
}

impl<'a> Path<'a> {
    /// Splits a path. `keyed` says whether the elements of an attribute have keys. Elements without keys have no fields: their
    /// text may contain anything, `].` included.
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

/// The name of the attribute in which a path lies.
#[must_use]
pub fn name(path: &str) -> Name {
    Name::interned(attribute(path))
}

/// Whether the first path lies inside the second: `rules[daily].vault` in `rules[daily]`, and this in `rules`.
#[must_use]
pub fn is_inside(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The text of the name of the attribute in which a path lies.
#[must_use]
pub fn attribute(path: &str) -> &str {
    path.split('[').next().unwrap_or(path)
}

fn closed(text: &str) -> &str {
    text.strip_suffix(']').unwrap_or(text)
}
