//! What is wrong with one value or one key.

use tokaido_derive::Reason;

use crate::model::{Explained, Region, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum ValueFault {
    #[en("`{text}` is not {what}")]
    #[ja("`{text}` は{what}ではありません")]
    IsNot { text: String, what: Explained },
    #[en("`{text}` is not accepted here")]
    #[ja("`{text}` はここでは使えません")]
    NotAccepted { text: String },
    #[en("the name `{name}` has {length} characters")]
    #[ja("名前 `{name}` は {length} 文字あります")]
    NameTooLong { name: String, length: usize },
    #[en("the name `{name}` is not accepted")]
    #[ja("名前 `{name}` は使えません")]
    NameRefused { name: String },
    #[en("names like `{text}` are reserved by S3")]
    #[ja("`{text}` のような名前は S3 が予約しています")]
    NameReserved { text: String },
    #[en("`{text}` cannot be trusted with a role")]
    #[ja("`{text}` にはロールを引き受けさせられません")]
    Untrusted { text: String },
    #[en("the text is empty")]
    #[ja("文字列が空です")]
    EmptyText,
    #[en("`{block}` has bits set behind its prefix of {prefix}")]
    #[ja("`{block}` には、プレフィックス長 {prefix} より後ろに 0 でないビットがあります")]
    HostBits { block: String, prefix: u32 },
    #[en("`{text}` is the name of a zone, and names differ between accounts")]
    #[ja("`{text}` はゾーンの名前です。同じ名前でもアカウントによって別のゾーンを指します")]
    ZoneByName { text: String },
    #[en("`{text}` is not a zone of {region} ({code})")]
    #[ja("`{text}` は {region}（{code}）のゾーンではありません")]
    ZoneElsewhere { text: String, region: Region, code: String },
    #[en("`{text}` is not among the zones of {region} that AWS lists, as of {date}")]
    #[ja("`{text}` は、AWS が示す {region} のゾーン（{date} 時点）にありません")]
    ZoneUnlisted { text: String, region: Region, date: &'static str },
    #[en("an RSA key of {bits} bits is too weak")]
    #[ja("{bits} ビットの RSA 鍵は短過ぎます")]
    WeakKey { bits: usize },
    #[en("keys of type {name} are not accepted")]
    #[ja("種類が {name} の鍵は使えません")]
    KeyType { name: String },
    #[en("{why}")]
    #[ja("公開鍵を読み取れません: {why}")]
    KeyUnread { why: String },
    #[en("`{text}` is in a unit that RDS does not use")]
    #[ja("`{text}` の単位は RDS では使われません")]
    ForeignUnit { text: String },
    #[en("the window `{text}` has {length} minutes")]
    #[ja("時間帯 `{text}` は {length} 分しかありません")]
    WindowTooShort { text: String, length: i64 },
    #[en("`{text}` does not name one person")]
    #[ja("`{text}` は特定の一人を示していません")]
    NamesNobody { text: String },
    #[en("{found} is written here")]
    #[ja("ここに{found}が書かれています")]
    WrittenHere { found: Said },
    #[en("{found} is written for `{place}`")]
    #[ja("`{place}` に{found}が書かれています")]
    WrittenFor { found: Said, place: String },
    #[en("nothing is written here")]
    #[ja("ここに値がありません")]
    NothingHere,
    #[en("nothing is written for `{place}`")]
    #[ja("`{place}` に値がありません")]
    NothingFor { place: String },
    #[en("`{text}` without quotes is a number, and a number loses leading and trailing zeros")]
    #[ja("引用符のない `{text}` は数として扱われ、先頭や末尾のゼロが失われます")]
    UnquotedNumber { text: String },
    #[en("`{key}` cannot be written{inside}: {why}")]
    #[ja("{inside}`{key}` は書けません: {why}")]
    KeyRefused { key: String, inside: Said, why: Explained },
    #[en("unknown key `{key}`{inside}")]
    #[ja("{inside}`{key}` というキーはありません")]
    UnknownKey { key: String, inside: Said },
    #[en("`{place}` is missing")]
    #[ja("`{place}` がありません")]
    Missing { place: String },
}

impl ValueFault {
    /// `` `x` is not an instance class ``
    pub fn is_not(text: impl Into<String>, en: &'static str, ja: &'static str) -> Self {
        Self::IsNot { text: text.into(), what: Explained::new(en, ja) }
    }
}
