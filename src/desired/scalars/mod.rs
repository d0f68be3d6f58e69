//! Single values with a form of their own: names, blocks of addresses, durations, windows.
//!
//! In: the text of a scalar. Out: the value, or a refusal with what would be right; the form for the JSON Schema.
//! Must not import: anything but `model`, `yaml` and the decoder.

mod accepted;
mod address;
mod key;
mod measure;
mod text;
mod window;

use crate::model::{Explained, Sentence};

pub use accepted::{Accepted, ForwarderId};
pub use address::{Cidr, OsakaZone, TokyoZone, quarters};
pub use key::SshKey;
pub use measure::{Count, Date, Days, Hours, Port, Size};
pub use text::{
    AccountId, AtRest, BucketName, Class, Engine, InTransit, Isolation, Name, PrimaryRegion, Principal, RecoveryRegion, Release,
    RoleArn, SchemaVersion, TimeSource, TimeZoneName, Version, Words,
};
pub use window::{DailyWindow, TimeOfDay, WeeklyWindow};

/// Why a text is not accepted. The message contains the text as `shown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadScalar {
    pub code: &'static str,
    pub message: Sentence,
    /// `None`: the type's own [`Scalar::EXPECTED`].
    pub expected: Option<Sentence>,
}

impl BadScalar {
    pub(super) fn new(code: &'static str, message: impl Into<Sentence>) -> Self {
        Self { code, message: message.into(), expected: None }
    }

    pub(super) fn expected(mut self, text: impl Into<Sentence>) -> Self {
        self.expected = Some(text.into());
        self
    }
}

pub trait Scalar: Sized {
    /// In words, with an example.
    const EXPECTED: Explained;
    /// Plain numbers reach [`Self::read`], which then says, for example, that the unit is missing.
    const NUMBERS: bool = false;

    fn read(text: &str) -> Result<Self, BadScalar>;

    /// The JSON Schema of the value.
    fn schema() -> schemars::Schema;
}

/// Implements decoding and the JSON Schema for a [`Scalar`].
macro_rules! scalar {
    ($($type:ident),+) => { $(
        impl $crate::desired::decode::Decode for $type {
            fn decode(node: &$crate::yaml::Node, decoder: &mut $crate::desired::decode::Decoder) -> Option<Self> {
                use $crate::desired::scalars::Scalar;
                let text = decoder.text(node, Self::EXPECTED, Self::NUMBERS)?;
                match Self::read(text) {
                    Ok(value) => Some(value),
                    Err(refusal) => {
                        let form = $crate::desired::said::Right::Form { form: Self::EXPECTED };
                        let expected = refusal.expected.unwrap_or_else(|| form.into());
                        decoder.refuse(node, refusal.code, refusal.message, Some(expected));
                        None
                    }
                }
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = <Self as $crate::desired::scalars::Scalar>::schema();
                schema.insert("description".to_owned(), <Self as $crate::desired::scalars::Scalar>::EXPECTED.en.into());
                schema
            }
        }
    )+ };
}
pub(super) use scalar;

/// A value that is one of a few words.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident ($code:literal, $expected:literal, $japanese:literal) { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($variant),+ }

        impl $name {
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::desired::scalars::Scalar for $name {
            const EXPECTED: $crate::model::Explained = $crate::model::Explained::new($expected, $japanese);

            fn read(text: &str) -> Result<Self, $crate::desired::scalars::BadScalar> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::desired::scalars::BadScalar {
                        expected: $crate::desired::hints::value($code, other).map(Into::into),
                        ..$crate::desired::scalars::BadScalar::new($code, $crate::desired::said::ValueFault::NotAccepted { text: $crate::yaml::shown(other) })
                    }),
                }
            }

            fn schema() -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($word),+] })
            }
        }

        $crate::desired::scalars::scalar!($name);
    };
}
pub(super) use choice;
