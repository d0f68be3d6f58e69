//! `#[derive(Typed)]`: what is inside an attribute, from and to a `Value`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::kind::{has_option, optional};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let (into, from) = match &input.data {
        Data::Struct(data) => of_struct(&data.fields, input)?,
        Data::Enum(data) => {
            let mut into = Vec::new();
            let mut from = Vec::new();
            let mut words = Vec::new();
            for variant in &data.variants {
                if !matches!(variant.fields, Fields::Unit) {
                    return Err(Error::new(variant.span(), "only variants without fields are values"));
                }
                let (ident, word) = (&variant.ident, variant.ident.to_string().to_lowercase());
                into.push(quote! { Self::#ident => ::tokaido::model::Value::from(#word), });
                from.push(quote! { Some(#word) => Ok(Self::#ident), });
                words.push(format!("`{word}`"));
            }
            let expected = words.join(", ");
            let body = quote! {
                match value.as_text() {
                    #(#from)*
                    _ => Err(format!("expected one of {}, found `{value}`", #expected)),
                }
            };
            (quote! { match self { #(#into)* } }, body)
        }
        Data::Union(_) => return Err(Error::new(input.span(), "a union is no value")),
    };
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl ::tokaido::model::Typed for #name {
            fn into_value(self) -> ::tokaido::model::Value { #into }

            fn from_value(value: &::tokaido::model::Value) -> ::std::result::Result<Self, ::std::string::String> { #from }
        }
    })
}

fn of_struct(fields: &Fields, input: &DeriveInput) -> Result<(TokenStream, TokenStream)> {
    if !matches!(fields, Fields::Named(_)) {
        return Err(Error::new(input.span(), "the fields of a value have names"));
    }
    let (mut into, mut from) = (Vec::new(), Vec::new());
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let omit = has_option(field, "omit")? || (optional(&field.ty).is_some() && !has_option(field, "null")?);
        let text = ident.to_string();
        into.push(quote! { (#text, ::tokaido::model::Typed::into_value(self.#ident), #omit) });
        from.push(quote! { #ident: ::tokaido::kinds::kit::field(value, #text, #omit)?, });
    }
    Ok((
        quote! { ::tokaido::kinds::kit::fields([#(#into),*]) },
        quote! { ::tokaido::kinds::kit::is_map(value)?; Ok(Self { #(#from)* }) },
    ))
}
