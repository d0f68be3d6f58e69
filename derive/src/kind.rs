//! `#[derive(Kind)]`: rows → typed names, schema, lowering and raising.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Ident, Lit, LitStr, Meta, Result, Token, Type};

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

/// AWS's name of the setting, and the page that says how it changes.
struct Aws {
    name: LitStr,
    page: LitStr,
}

impl Parse for Aws {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self { name, page: input.parse()? })
    }
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = named(input)?;
    let (mut names, mut rows, mut raised, mut fits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // By name, because attributes are kept in that order.
    let mut lowered: BTreeMap<String, TokenStream> = BTreeMap::new();
    let mut errors: Option<Error> = None;
    for field in fields {
        match row(field) {
            Ok(row) => rows.push(row),
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
        let Some(ident) = &field.ident else { continue };
        let (text, inner) = (ident.to_string(), without_option(&field.ty));
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        names.push(quote! { #(#docs)* pub const #ident: ::tokaido::model::Attr<#inner> = ::tokaido::model::Attr::row(#text); });
        lowered.insert(text.clone(), quote! { (#text, ::tokaido::model::Typed::into_value(self.#ident)) });
        let ty = &field.ty;
        fits.push(quote! { #text => ::tokaido::kinds::kit::fits::<#ty>(value), });
        let raise = if has_option(field, "default")? { quote!(raise_or_default) } else { quote!(raise) };
        raised.push(quote! { #ident: ::tokaido::kinds::kit::#raise(attributes, #text)?, });
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    let (spec, lowered) = (&input.ident, lowered.values());
    Ok(quote! {
        /// The names of this kind's attributes, each with the type of its values.
        #[allow(non_upper_case_globals, unused_imports)]
        pub mod at {
            use super::*;
            #(#names)*
        }

        impl #spec {
            /// Every attribute in the order of the fields, and the tags last.
            pub const ROWS: &'static [::tokaido::model::AttributeSchema] = &[#(#rows,)* ::tokaido::kinds::TAGS];
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

/// The expression of one row: `AttributeSchema::row(…).about(…).source(…)` and the items of `#[row(…)]`.
fn row(field: &Field) -> Result<TokenStream> {
    let ident = field.ident.as_ref().map(Ident::to_string).unwrap_or_default();
    let missing = |what: &str| Error::new(field.span(), format!("`{ident}` has no {what}"));
    let en = documentation(&field.attrs);
    if en.is_empty() {
        return Err(missing("doc comment: what it is, in English"));
    }
    let ja = japanese(&field.attrs)?.ok_or_else(|| missing("#[ja = \"…\"]: what it is, in Japanese"))?;
    let aws = attribute(&field.attrs, "aws").ok_or_else(|| missing("#[aws(\"Name\", \"page\")]"))?.parse_args::<Aws>()?;
    let page = LitStr::new(&format!("{PAGES}{}", aws.page.value()), aws.page.span());
    let name = aws.name;
    let (mut links, mut calls) = (Vec::new(), TokenStream::new());
    if let Some(attribute) = attribute(&field.attrs, "row") {
        for call in attribute.parse_args_with(Punctuated::<Call, Token![,]>::parse_terminated)? {
            let Call { method, arguments } = call;
            if method == "link" {
                links.push(quote_spanned!(method.span()=> (#arguments)));
            } else {
                calls.extend(quote_spanned!(method.span()=> .#method(#arguments)));
            }
        }
    }
    let links = if links.is_empty() { TokenStream::new() } else { quote!(.refers_to(&[#(#links),*])) };
    Ok(quote! { ::tokaido::model::AttributeSchema::row(#ident, #name).about(#en, #ja).source(#page) #links #calls })
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

/// `T` of `Option<T>`, else the type itself: a name leads to the value that is there.
fn without_option(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(last) = path.path.segments.last().filter(|segment| segment.ident == "Option") else { return ty };
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(syn::GenericArgument::Type(inner)) => inner,
            _ => ty,
        },
        _ => ty,
    }
}

/// Whether `#[typed(<option>)]` stands at the field.
pub fn has_option(field: &Field, option: &str) -> Result<bool> {
    let Some(attribute) = attribute(&field.attrs, "typed") else { return Ok(false) };
    let written: Ident = attribute.parse_args()?;
    if written == "omit" || written == "default" {
        return Ok(written == option);
    }
    Err(Error::new(Span::call_site(), format!("#[typed({written})] is not known: there are omit and default")))
}
