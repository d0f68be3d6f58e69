//! What a check looks at, as data: from these declarations come the sentence in two languages, the reads that a verdict needs,
//! and the list in each verdict.

use crate::kinds;
use crate::model::verdict::{Part, PartRole, Whose};
use crate::model::{Name, Region, Said};

/// Tokyo and Osaka.
pub const BOTH: &[Region] = &[Region::Tokyo, Region::Osaka];
/// The primary region.
pub const TOKYO: &[Region] = &[Region::Tokyo];
/// The recovery region.
pub const OSAKA: &[Region] = &[Region::Osaka];
/// Tokyo, Osaka, and every other region, which is listed together with the kinds that belong to none.
pub const EVERYWHERE: &[Region] = &[Region::Tokyo, Region::Osaka, Region::Global];
/// Kinds that belong to no region.
pub const GLOBAL: &[Region] = &[Region::Global];

/// One part of a universe, as a check declares it.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// The kind; `None` for every kind.
    pub kind: Option<&'static str>,
    /// The regions in which it is read. For every kind: those in which the kind lives.
    pub regions: &'static [Region],
    /// Whose resources.
    pub whose: Whose,
    /// What they are to the promise.
    pub role: PartRole,
    /// The attributes that are read.
    pub attributes: &'static [Name],
}

/// What the check of one promise looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Universe {
    /// The promise.
    pub(super) slug: &'static str,
    /// The parts.
    pub(super) parts: &'static [Looked],
}

impl Universe {
    /// Before the first check looks.
    pub(super) const NOTHING: Self = Self { slug: "", parts: &[] };

    /// Whether this attribute of this kind is declared.
    pub(super) fn declares(&self, kind: &str, attribute: Name) -> bool {
        self.parts.iter().any(|looked| looked.kind == Some(kind) && looked.attributes.contains(&attribute))
    }

    /// The attributes that the verdict needs of a member which is judged.
    pub(super) fn judged(&self, kind: &str) -> impl Iterator<Item = Name> {
        let judged = self.parts.iter().filter(move |looked| looked.kind == Some(kind) && looked.role != PartRole::Read);
        judged.flat_map(|looked| looked.attributes).copied()
    }

    /// Whether the promise is about members of this kind.
    pub(super) fn is_about(&self, kind: &str) -> bool {
        let about = |looked: &Looked| looked.role == PartRole::Subject && looked.kind.is_none_or(|own| own == kind);
        self.parts.iter().any(about)
    }
}

/// The promise is about these.
pub(super) const fn about(kind: &'static str, regions: &'static [Region], whose: Whose, attributes: &'static [Name]) -> Looked {
    Looked { kind: Some(kind), regions, whose, role: PartRole::Subject, attributes }
}

/// Each of these is judged as well, and alone keeps no promise.
pub(super) const fn beside(kind: &'static str, regions: &'static [Region], whose: Whose, attributes: &'static [Name]) -> Looked {
    Looked { kind: Some(kind), regions, whose, role: PartRole::Beside, attributes }
}

/// These are read to judge the others.
pub(super) const fn read(kind: &'static str, regions: &'static [Region], attributes: &'static [Name]) -> Looked {
    Looked { kind: Some(kind), regions, whose: Whose::All, role: PartRole::Read, attributes }
}

/// Every kind, by its tags.
pub(super) const fn every_kind(whose: Whose, role: PartRole) -> Looked {
    Looked { kind: None, regions: &[], whose, role, attributes: &[] }
}

impl Looked {
    /// The same, to judge others by.
    pub(super) const fn read_only(mut self) -> Self {
        self.role = PartRole::Read;
        self
    }

    /// Whether this kind is read in this region.
    #[must_use]
    pub fn reads(&self, kind: &str, region: Region) -> bool {
        let any = || kinds::find(kind).is_some_and(|kind| self.means(kind));
        self.kind.map_or_else(any, |own| own == kind && self.regions.contains(&region))
    }

    /// Whether this is one of the kinds. Nothing of an observed kind is ours.
    fn means(&self, kind: &kinds::Kind) -> bool {
        self.kind.map_or(self.whose != Whose::Ours || !kind.schema.observed, |name| name == kind.schema.kind)
    }

    /// The part for a verdict: of every kind, one for each.
    pub fn parts(&self) -> impl Iterator<Item = Part> + use<> {
        let own = *self;
        let kinds = kinds::ALL.into_iter().filter(move |kind| own.means(kind));
        kinds.map(move |kind| Part {
            kind: kind.schema.kind.to_owned(),
            regions: if own.kind.is_some() { own.regions.to_vec() } else { kind.regions.to_vec() },
            whose: own.whose,
            role: own.role,
            attributes: own.attributes.to_vec(),
        })
    }
}

/// The sentence that says what a check looks at: `every RDS database in Tokyo and Osaka, foreign ones too (engine)`.
pub(super) fn sentence(universe: &[Looked], facts: &[(&'static str, Region)]) -> Said {
    const ROLES: [(PartRole, &str, &str); 3] = [
        (PartRole::Subject, "", "対象: "),
        (PartRole::Beside, "judged as well: ", "あわせて判定: "),
        (PartRole::Read, "read for them: ", "判定のために読み取り: "),
    ];
    let (mut en, mut ja) = (Vec::new(), Vec::new());
    for (role, before_en, before_ja) in ROLES {
        let parts: Vec<&Looked> = universe.iter().filter(|part| part.role == role).collect();
        if parts.is_empty() {
            continue;
        }
        let list =
            |each: fn(&Looked) -> String, between: &str| parts.iter().map(|part| each(part)).collect::<Vec<_>>().join(between);
        en.push(format!("{before_en}{}", list(english, ", ")));
        ja.push(format!("{before_ja}{}", list(japanese, "、")));
    }
    if !facts.is_empty() {
        let titles = |ja: bool| {
            let named = facts.iter().filter_map(|(kind, region)| {
                let schema = kinds::find(kind)?.schema;
                Some(if ja {
                    format!("{}の{}", place(*region).1, schema.title_ja)
                } else {
                    format!("{} in {}", schema.title, place(*region).0)
                })
            });
            named.collect::<Vec<_>>().join(if ja { "、" } else { ", " })
        };
        en.push(format!("in an audit, what AWS says of the state of: {}", titles(false)));
        ja.push(format!("監査ではさらに AWS が示す状態: {}", titles(true)));
    }
    Said::new(en.join("; "), ja.join("。"))
}

fn audit_only(part: &Looked) -> bool {
    part.kind.and_then(kinds::find).is_some_and(|kind| kind.audit_only)
}

fn english(part: &Looked) -> String {
    let title = part.kind.and_then(kinds::find).map_or("resource of any kind", |kind| kind.schema.title);
    let whose = match part.whose {
        Whose::Ours => " of ours",
        Whose::All | Whose::InOurNetworks => "",
    };
    let foreign = match part.whose {
        Whose::Ours => "",
        Whose::All => ", foreign ones too",
        Whose::InOurNetworks => ", foreign ones where our networks are",
    };
    let places = part.regions.iter().filter(|region| **region != Region::Global).map(|region| place(*region).0);
    let places = places.collect::<Vec<_>>().join(" and ");
    let places = if part.regions == EVERYWHERE { "every region".to_owned() } else { places };
    let places = if places.is_empty() { String::new() } else { format!(" in {places}") };
    let when = if audit_only(part) { "in an audit also " } else { "" };
    format!("{when}every {title}{whose}{places}{foreign}{}", attributes(part, " (", ", ", ")"))
}

fn japanese(part: &Looked) -> String {
    let title = part.kind.and_then(kinds::find).map_or("あらゆる種類のリソース", |kind| kind.schema.title_ja);
    let whose = match part.whose {
        Whose::Ours => "当社の",
        Whose::All | Whose::InOurNetworks => "",
    };
    let foreign = match part.whose {
        Whose::Ours => "",
        Whose::All => "（管理外を含む）",
        Whose::InOurNetworks => "（当社のネットワーク内の管理外を含む）",
    };
    let places = part.regions.iter().filter(|region| **region != Region::Global).map(|region| place(*region).1);
    let places = places.collect::<Vec<_>>().join("と");
    let places = if part.regions == EVERYWHERE { "全リージョン".to_owned() } else { places };
    let places = if places.is_empty() { String::new() } else { format!("{places}の") };
    let when = if audit_only(part) { "監査ではさらに" } else { "" };
    format!("{when}{places}{whose}すべての{title}{foreign}{}", attributes(part, "〔", "、", "〕"))
}

fn attributes(part: &Looked, open: &str, between: &str, close: &str) -> String {
    if part.attributes.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = part.attributes.iter().map(|name| name.as_str()).collect();
    format!("{open}{}{close}", names.join(between))
}

const fn place(region: Region) -> (&'static str, &'static str) {
    match region {
        Region::Tokyo => ("Tokyo", "東京"),
        Region::Osaka => ("Osaka", "大阪"),
        Region::Global => ("every region", "全リージョン"),
    }
}
