//! Derives of the crate `tokaido`. Nothing else uses this crate.
//!
//! - [`Kind`](macro@Kind) reads the rows of a kind's attributes from its `Spec` (docs/adr/0017-rows-of-a-kind.md).
//! - [`Reason`](macro@Reason) makes sentences in both languages of the variants of an enum (docs/adr/0018-reasons-are-data.md).
//! - [`Typed`](macro@Typed) converts a struct or an enum inside an attribute from and to a `Value`.
//!
//! The expansion names items of `::tokaido`: it works inside that crate and in crates that depend on it.

mod kind;
mod reason;
mod typed;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// The struct is the kind, one field is one attribute:
///
/// ```text
/// #[ja = "サブネット"]
/// #[kind("subnet", "subnet", "AWSEC2/latest/APIReference/API_CreateSubnet.html")]
/// #[kind(identity(Identity::Ec2("subnet")), unique(at::cidr), wait(10 * 60), keeps("network", "move what lives here", "ネットワーク", "中のものを移して"))]
/// #[calls(look = "ec2:DescribeSubnets", create = "ec2:CreateSubnet", …, tags = EC2, RULES = "ec2:DescribeSubnetRules")]
/// pub struct Spec {
///     /// What it is, in English. The text is the attribute's `about` and the field's documentation.
///     #[ja = "同じ内容の日本語です。"]
///     #[row("VpcId", link("vpc", "id"), kept, place, promise(slug::TENANT_ISOLATION))]
///     pub vpc: Link,
/// ```
///
/// `kind`, `calls` and `row` may stand several times. `kind` begins with name, title and page, below docs.aws.amazon.com; the
/// struct's `ja` is the title in Japanese. A row begins with AWS's name of the setting, and with its page where that is not the kind's. Each other item of `row` is a method of
/// `AttributeSchema`, called in this order; `link(kind, output)`, `hazard(risk, trigger)` and
/// `case(words, applies, mutability, impact)` may be repeated. `kept` is the rule of attributes that AWS cannot change, where
/// `kind` says once for all of them what the kind keeps and what a person does: `keeps("name and description", "attach it beside
/// this one", …)`, and the two in Japanese. `identity` says how AWS identifies a new object. Each other item of `kind` is a
/// method of `KindSchema`, or of `Kind` (`made_by_aws`, `poll`, `regions`, `wait`). `observed` is a kind that no file declares:
/// its `calls` have nothing but `look`. `calls` has the fields of `Operations` and of its `Writes`, and in capitals the operations
/// that only some kinds have. An attribute whose field is an `Option` may be absent. `#[typed(default)]` lets the field of an
/// older record be absent.
///
/// The module has a `SIM: Behaviour` and a file `example.yaml`. Generated: `NAME`, `SCHEMA`, `KIND`; `calls::<NAME>`, the
/// operations in capitals; `at::<field>`, the typed name of each attribute; and `impl kit::Spec`: the rows (tags last), `lower`,
/// `raise`.
#[proc_macro_derive(Kind, attributes(kind, calls, ja, row, typed))]
pub fn kind(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    kind::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A struct becomes a map of its fields, an enum of unit variants a text in lower case.
///
/// A field that is `None` is left out of the map, and may be absent when it is read. `#[typed(null)]` keeps it there as `null`.
/// `#[typed(omit)]` also leaves out a list that is empty.
#[proc_macro_derive(Typed, attributes(typed))]
pub fn typed(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    typed::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Each variant is one sentence, in both languages, with its fields in it:
///
/// ```text
/// #[en("{other} still holds {name} {value}")]
/// #[ja("{other} がまだ {name} {value} を使っています")]
/// HeldByOurs { other: ResourceId, name: Name, value: String },
/// ```
///
/// The code is the variant in kebab-case. Each field is `Spoken` in the language of the sentence and `Serialize`.
/// `#[reason(read)]` on the enum reads it back from a document; its fields are then `DeserializeOwned`.
///
/// Generated: `Reason`, `Spoken`, and `Display`, which speaks English.
#[proc_macro_derive(Reason, attributes(en, ja, reason))]
pub fn reason(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    reason::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
