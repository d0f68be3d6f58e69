//! `#[derive(Reason)]`: one sentence for each variant, in both languages.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Variant};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.span(), "a reason is an enum: each variant is one sentence"));
    };
    let read = has_read(input)?;
    let (mut code_arms, mut field_arms, mut tell_arms, mut read_arms, mut codes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        let ident = &variant.ident;
        let names = names(variant)?;
        let texts: Vec<String> = names.iter().map(Ident::to_string).collect();
        if let Some(taken) = names.iter().find(|name| *name == "f" || *name == "language") {
            return Err(Error::new(taken.span(), "this name is used by the generated code"));
        }
        let (en, ja) = (sentence(variant, "en")?, sentence(variant, "ja")?);
        let code = kebab(&ident.to_string());
        code_arms.push(quote! { Self::#ident { .. } => #code, });
        field_arms.push(quote! {
            Self::#ident { #(#names),* } => { #(put(#texts, ::tokaido::model::reason::field(#names));)* }
        });
        tell_arms.push(quote! {
            Self::#ident { #(#names),* } => {
                #(let #names = ::tokaido::model::reason::Spoken::spoken(#names, language);)*
                match language {
                    ::tokaido::model::Language::En => ::std::write!(f, #en),
                    ::tokaido::model::Language::Ja => ::std::write!(f, #ja),
                }
            }
        });
        read_arms.push(quote! { #code => Some(Self::#ident { #(#names: ::tokaido::model::reason::taken(fields, #texts)?),* }), });
        codes.push(code);
    }
    let name = &input.ident;
    let (generics, types, bounds) = input.generics.split_for_impl();
    let readable = read.then(|| {
        quote! {
            #[automatically_derived]
            impl ::tokaido::model::reason::Readable for #name {
                fn read(code: &str, fields: &::tokaido::model::reason::Fields) -> ::std::option::Option<Self> {
                    match code { #(#read_arms)* _ => None }
                }
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::tokaido::model::Reason for #name #types #bounds {
            const CODES: &'static [&'static str] = &[#(#codes),*];

            fn code(&self) -> &'static str {
                match self { #(#code_arms)* }
            }

            fn fields(&self) -> ::tokaido::model::reason::Fields {
                let mut fields = ::tokaido::model::reason::Fields::new();
                {
                    #[allow(unused_mut, unused_variables)]
                    let mut put = |name: &str, value| ::tokaido::model::reason::put(&mut fields, name, value);
                    match self { #(#field_arms)* }
                }
                fields
            }

            #[allow(unused_variables)]
            fn tell(&self, language: ::tokaido::model::Language, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { #(#tell_arms)* }
            }
        }

        #[automatically_derived]
        impl #generics ::std::fmt::Display for #name #types #bounds {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::tokaido::model::Reason::tell(self, ::tokaido::model::Language::En, f)
            }
        }

        #[automatically_derived]
        impl #generics ::tokaido::model::reason::Spoken for #name #types #bounds {
            fn spoken(&self, language: ::tokaido::model::Language) -> impl ::std::fmt::Display {
                ::tokaido::model::Reason::told(self, language)
            }
        }
        #readable
    })
}

/// `#[reason(read)]` on the enum: it is read back from documents.
fn has_read(input: &DeriveInput) -> Result<bool> {
    let mut read = false;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("reason")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("read") {
                read = true;
                return Ok(());
            }
            Err(meta.error("expected `read`"))
        })?;
    }
    Ok(read)
}

fn names(variant: &Variant) -> Result<Vec<Ident>> {
    match &variant.fields {
        Fields::Unit => Ok(Vec::new()),
        Fields::Named(fields) => Ok(fields.named.iter().filter_map(|field| field.ident.clone()).collect()),
        Fields::Unnamed(_) => Err(Error::new(variant.span(), "the fields of a reason have names: its sentences use them")),
    }
}

fn sentence(variant: &Variant, language: &str) -> Result<LitStr> {
    let attribute = variant.attrs.iter().find(|attribute| attribute.path().is_ident(language));
    let missing = || Error::new(variant.span(), format!("`#[{language}(\"…\")]` is missing: a reason is said in both languages"));
    attribute.ok_or_else(missing)?.parse_args()
}

/// `StillHeld` → `still-held`
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}
