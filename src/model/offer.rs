//! What AWS offers: the values with which it makes an object of a kind now. AWS adds to its offers and takes from them, so only
//! AWS knows them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::id::{Region, ResourceId};
use super::name::Name;

/// Of a kind: the attributes whose values AWS offers together, and how an operator lists the offers.
#[derive(Debug, Clone, Copy)]
pub struct OfferRule {
    /// The attributes that a question names: AWS answers with its offers for their values.
    pub asks: &'static [Name],
    /// The attributes that an offer has besides.
    pub has: &'static [Name],
    /// The command that lists the offers. `{region}` stands for AWS's code of the region, `{engine}` for the value of the
    /// attribute of that name.
    pub command: &'static str,
}

impl OfferRule {
    /// Every attribute that an offer decides about.
    pub fn attributes(&self) -> impl Iterator<Item = Name> {
        self.asks.iter().chain(self.has).copied()
    }
}

/// A question to AWS: what do you offer with these values?
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfferQuestion {
    /// The kind of the object, in kebab-case.
    pub kind: &'static str,
    /// Where it is to be.
    pub region: Region,
    /// The values of [`OfferRule::asks`].
    pub asked: Attributes,
}

/// What AWS answered to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// Its offers, each with the values of [`OfferRule::has`] that AWS tells. A truth value says whether AWS can do it. None where
    /// AWS offers other values, and not these.
    These(Vec<Attributes>),
    /// It names no offer for any values: it was not AWS that answered, or it does not know the kind.
    Nothing,
    /// The call that failed, as AWS names it, and the error without caller and request id.
    Failed {
        /// The call, as IAM spells it.
        operation: String,
        /// Class and code of the error.
        error: String,
    },
}

/// A resource that is to be made or changed, and AWS did not say whether it offers the declared values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unconfirmed {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// The call that failed, as IAM spells it. Absent where AWS answered and named no offer at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Class and code of the error and what to do, in English. Absent with the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
