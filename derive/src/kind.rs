//! `#[derive(Kind)]`: rows → typed names, schema, lowering and raising; the attributes of the struct → the kind's entry.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, GenericArgument, Ident, Lit, LitStr, Meta, PathArguments,
    Result, Token, Type,
};

const PAGES: &str = "https://docs.aws.amazon.com/";

/// One item of `#[row(…)]`: a method, and its arguments as they were written.
struct Call {
    method: Ident,
    arguments: TokenStream,
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let method = input.parse()?;
        let arguments = if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            content.parse()?
        } else {
            TokenStream::new()
        };
        Ok(Self { method, arguments })
    }
}

/// What stands in `#[row(…)]` and `#[kind(…)]`: texts first, then items.
#[derive(Default)]
struct Row {
    texts: Vec<LitStr>,
    calls: Vec<Call>,
}

impl Row {
    /// All attributes of this name as one.
    fn read(attributes: &[Attribute], name: &str) -> Result<Self> {
        let mut row = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            row.extend(attribute.parse_args()?);
        }
        Ok(row)
    }

    fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.calls.extend(other.calls);
    }
}

impl Parse for Row {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut row = Self::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                row.texts.push(input.parse()?);
            } else {
                row.calls.push(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(row)
    }
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = named(input)?;
    let (mut names, mut rows, mut raised, mut fits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // By name, because attributes are kept in that order.
    let mut lowered: BTreeMap<String, TokenStream> = BTreeMap::new();
    let entry = entry(input)?;
    let page = &entry.page;
    let mut errors: Option<Error> = None;
    for field in fields {
        match row(field, page) {
            Ok(row) => rows.push(row),
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
        let Some(ident) = &field.ident else { continue };
        // A name leads to the value that is there.
        let (text, inner) = (ident.to_string(), optional(&field.ty).unwrap_or(&field.ty));
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        names.push(quote! { #(#docs)* pub const #ident: ::tokaido::model::Attr<#inner> = ::tokaido::model::Attr::row(&#text); });
        lowered.insert(text.clone(), quote! { (at::#ident.name(), ::tokaido::model::Typed::into_value(self.#ident)) });
        let ty = &field.ty;
        fits.push(quote! { #text => ::tokaido::kinds::kit::fits::<#ty>(value), });
        let raise = if has_option(field, "default")? { quote!(raise_or_default) } else { quote!(raise) };
        raised.push(quote! { #ident: ::tokaido::kinds::kit::#raise(attributes, at::#ident.name())?, });
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    let tags = if entry.observed { quote!(SEEN_TAGS) } else { quote!(TAGS) };
    let (spec, entry, lowered) = (&input.ident, entry.tokens, lowered.values());
    Ok(quote! {
        #entry

        /// The names of this kind's attributes, each with the type of its values.
        #[allow(non_upper_case_globals, unused_imports)]
        pub mod at {
            use super::*;
            #(#names)*
        }

        impl #spec {
            /// Every attribute in the order of the fields, and the tags last.
            pub const ROWS: &'static [::tokaido::model::AttributeSchema] = &[#(#rows,)* ::tokaido::kinds::#tags];
        }

        #[automatically_derived]
        impl ::tokaido::kinds::Registered for #spec {
            const KIND: &'static ::tokaido::kinds::Kind = &KIND;
        }

        #[automatically_derived]
        impl ::tokaido::kinds::kit::Spec for #spec {
            const ROWS: &'static [::tokaido::model::AttributeSchema] = Self::ROWS;

            fn lower(self) -> ::tokaido::model::Attributes {
                ::tokaido::kinds::kit::lowered([#(#lowered),*])
            }

            fn fits(name: ::tokaido::model::Name, value: &::tokaido::model::Value) -> ::std::result::Result<(), ::std::string::String> {
                match name.as_str() {
                    #(#fits)*
                    _ => Err(::std::string::String::from("there is no such attribute")),
                }
            }

            fn raise(attributes: &::tokaido::model::Attributes) -> ::std::result::Result<Self, ::std::string::String> {
                Ok(Self { #(#raised)* })
            }
        }
    })
}

fn named(input: &DeriveInput) -> Result<impl Iterator<Item = &Field>> {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => Ok(data.fields.iter()),
        _ => Err(Error::new(input.span(), "the attributes of a kind are the named fields of a struct")),
    }
}

/// The kind's entry in the registry, and the page of AWS's documentation that its rows have unless they name another.
struct Entry {
    page: LitStr,
    tokens: TokenStream,
    observed: bool,
}

/// Items of `#[kind(…)]` that are methods of `Kind`. The others are methods of `KindSchema`.
const OF_KIND: [&str; 5] = ["audit_only", "made_by_aws", "poll", "regions", "wait"];

/// The item of `#[kind(…)]` of a kind that no file declares.
const OBSERVED: &str = "observed";

/// The roles in `#[calls(…)]` of operations that change something.
const CHANGING: [&str; 4] = ["create", "change", "delete", "tags"];

fn entry(input: &DeriveInput) -> Result<Entry> {
    let row = Row::read(&input.attrs, "kind")?;
    let [name, title, page] = &row.texts[..] else {
        return Err(Error::new(input.span(), "write #[kind(\"name\", \"title\", \"page\")] at the struct"));
    };
    let title_ja = japanese(&input.attrs)?
        .ok_or_else(|| Error::new(input.span(), "write the title in Japanese at the struct: #[ja = \"…\"]"))?;
    let observed = row.calls.iter().any(|call| call.method == OBSERVED);
    let (mut schema, mut kind, mut kept, mut identity) = (TokenStream::new(), TokenStream::new(), TokenStream::new(), None);
    for Call { method, arguments } in row.calls {
        if method == "keeps" {
            kept = keeps(title, &title_ja, &method, arguments)?;
            continue;
        }
        if method == "identity" {
            identity = Some(arguments);
            continue;
        }
        let of_kind = OF_KIND.iter().any(|known| method == known);
        let call = quote_spanned!(method.span()=> .#method(#arguments));
        if of_kind { kind.extend(call) } else { schema.extend(call) }
    }
    let identity = identity.ok_or_else(|| {
        Error::new(input.span(), "write #[kind(identity(Identity::…))] at the struct: how AWS identifies a new object")
    })?;
    let operations = operations(input, observed)?;
    let (named, spec) = (format!("The kind in ids: `{}`.", name.value()), &input.ident);
    let tokens = quote! {
        #[doc = #named]
        pub const NAME: &str = #name;

        /// The rows, and what is so for the kind as a whole.
        pub static SCHEMA: ::tokaido::model::KindSchema =
            ::tokaido::model::KindSchema::new(
                NAME,
                ::tokaido::model::Explained::new(#title, #title_ja),
                #identity,
                #spec::ROWS,
                #page,
            )#schema;

        /// This kind's entry in the registry.
        pub static KIND: ::tokaido::kinds::Kind =
            ::tokaido::kinds::Kind::of::<#spec>(&SCHEMA, &SIM, OPERATIONS, include_str!("example.yaml"))
                .settings(include_str!("settings.txt"))#kind;

        #kept
        #operations
    };
    Ok(Entry { page: page.clone(), tokens, observed })
}

/// `keeps(what, how, what in Japanese, how in Japanese)` of `#[kind(…)]`: the rule of the rows that say `kept`. AWS cannot change
/// them, so a person declares a second resource and uses it in place of the first.
fn keeps(title: &LitStr, title_ja: &str, at: &Ident, arguments: TokenStream) -> Result<TokenStream> {
    let texts = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(arguments)?;
    let texts: Vec<String> = texts.iter().map(LitStr::value).collect();
    let [what, how, what_ja, how_ja] = &texts[..] else {
        return Err(Error::new(at.span(), "write keeps(what, how, what in Japanese, how in Japanese)"));
    };
    let space = if title_ja.ends_with(|last: char| last.is_ascii()) { " " } else { "" };
    let en = format!("the {} keeps its {what}: declare a new one, {how}, then retire this one", title.value());
    let ja = format!("{title_ja}{space}の{what_ja}は変えられません。新しいものを宣言し、{how_ja}から、元のものを撤去します");
    Ok(quote! {
        const KEPT: ::tokaido::model::schema::Mutability =
            ::tokaido::model::schema::Mutability::Forbidden(::tokaido::model::Explained::new(#en, #ja));
    })
}

/// One pair of `#[calls(…)]`.
struct Operation {
    role: Ident,
    called: Expr,
}

impl Parse for Operation {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let role = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { role, called: input.parse()? })
    }
}

/// The operations that every kind has, those that change something, and a constant for each that only some kinds have. Nothing
/// changes an observed kind.
fn operations(input: &DeriveInput, observed: bool) -> Result<TokenStream> {
    let (mut every, mut writes, mut own, mut names) = (TokenStream::new(), TokenStream::new(), TokenStream::new(), Vec::new());
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("calls")) {
        for Operation { role, called } in attribute.parse_args_with(Punctuated::<Operation, Token![,]>::parse_terminated)? {
            if observed && CHANGING.iter().any(|changing| role == changing) {
                return Err(Error::new(role.span(), "an observed kind has no operation that changes something"));
            }
            if role == "tags" {
                writes.extend(quote_spanned!(role.span()=> #role: ::tokaido::kinds::tagging::#called,));
            } else if CHANGING.iter().any(|changing| role == changing) {
                writes.extend(quote_spanned!(role.span()=> #role: #called,));
            } else if role.to_string().starts_with(char::is_uppercase) {
                own.extend(quote! {
                    #[doc = concat!("The operation `", #called, "`, as IAM's service authorization reference spells it.")]
                    pub const #role: &str = #called;
                });
                names.push(role);
            } else {
                every.extend(quote_spanned!(role.span()=> #role: #called,));
            }
        }
    }
    let own = (!names.is_empty()).then(|| {
        quote! {
            /// The operations that this kind has beside those that every kind has.
            pub mod calls { #own }
        }
    });
    let writes = if observed { quote!(None) } else { quote!(Some(::tokaido::kinds::operations::Writes { #writes })) };
    Ok(quote! {
        const OPERATIONS: ::tokaido::kinds::operations::Operations =
            ::tokaido::kinds::operations::Operations { #every writes: #writes, more: &[#(calls::#names),*] };
        #own
    })
}

/// Items of `#[row(…)]` that may be repeated: the method that takes all of them, and what makes one of them.
const REPEATED: [(&str, &str, &str); 3] = [
    ("link", "refers_to", ""),
    ("hazard", "hazards", "::tokaido::model::Hazard::new"),
    ("case", "cases", "::tokaido::model::schema::Case::new"),
];

/// The expression of one row: `AttributeSchema::row(…).about(…).source(…)` and the items of `#[row(…)]`.
fn row(field: &Field, page: &LitStr) -> Result<TokenStream> {
    let Some(ident) = &field.ident else { return Err(Error::new(field.span(), "a field without a name")) };
    let missing = |what: &str| Error::new(field.span(), format!("`{ident}` has no {what}"));
    let en = documentation(&field.attrs);
    if en.is_empty() {
        return Err(missing("doc comment: what it is, in English"));
    }
    let ja = japanese(&field.attrs)?.ok_or_else(|| missing("#[ja = \"…\"]: what it is, in Japanese"))?;
    let row = Row::read(&field.attrs, "row")?;
    let (name, page) = match &row.texts[..] {
        [name] => (name, page),
        [name, page] => (name, page),
        _ => return Err(missing("#[row(\"Name\")], or #[row(\"Name\", \"page\")]: what AWS calls it")),
    };
    let page = LitStr::new(&format!("{PAGES}{}", page.value()), page.span());
    let mut items = TokenStream::new();
    let mut repeated = [Vec::new(), Vec::new(), Vec::new()];
    for Call { method, arguments } in &row.calls {
        match REPEATED.iter().position(|(item, ..)| method == item) {
            Some(index) => {
                let make: TokenStream = REPEATED[index].2.parse()?;
                repeated[index].push(quote_spanned!(method.span()=> #make(#arguments)));
            }
            None if method == "kept" => items.extend(quote_spanned!(method.span()=> .mutability(KEPT))),
            None => items.extend(quote_spanned!(method.span()=> .#method(#arguments))),
        }
    }
    for ((_, method, _), values) in REPEATED.iter().zip(repeated).filter(|(_, values)| !values.is_empty()) {
        let method = Ident::new(method, Span::call_site());
        items.extend(quote!(.#method(&[#(#values),*])));
    }
    Ok(quote! { ::tokaido::model::AttributeSchema::row(at::#ident.name(), #name).about(#en, #ja).source(#page) #items })
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.path().is_ident(name))
}

fn text(attribute: &Attribute) -> Option<LitStr> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

/// The lines of the doc comment as one text.
fn documentation(attributes: &[Attribute]) -> String {
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    docs.filter_map(text).map(|line| line.value().trim().to_owned()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The lines of `#[ja = "…"]`, joined without spaces as Japanese is.
fn japanese(attributes: &[Attribute]) -> Result<Option<String>> {
    let mut joined = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("ja")) {
        let line = text(attribute).ok_or_else(|| Error::new(attribute.span(), "write it as #[ja = \"…\"]"))?;
        joined.get_or_insert_with(String::new).push_str(&line.value());
    }
    Ok(joined)
}

/// `T` of `Option<T>`.
pub fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// Whether `#[typed(<option>)]` stands at the field.
pub fn has_option(field: &Field, option: &str) -> Result<bool> {
    let Some(attribute) = attribute(&field.attrs, "typed") else { return Ok(false) };
    let written: Ident = attribute.parse_args()?;
    if ["default", "null", "omit"].iter().any(|known| written == known) {
        return Ok(written == option);
    }
    Err(Error::new(written.span(), format!("#[typed({written})] is not known: there are default, null and omit")))
}
