//! Policy documents: JSON text on the wire (from IAM percent-encoded), a [`Value`] inside tokaido.

use crate::model::Value;

/// Reads a policy document from JSON text.
///
/// # Errors
/// Says why the text is not a policy document.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("the policy document is not JSON: {error}"))
}

/// Reads a policy document from percent-encoded JSON text, as IAM returns it.
///
/// # Errors
/// Says why the text is not a policy document.
pub fn parse_encoded(text: &str) -> Result<Value, String> {
    parse(&decode(text))
}

/// Writes a policy document as JSON text.
///
/// # Errors
/// Never in practice: a value is plain data.
pub fn text(document: &Value) -> Result<String, String> {
    serde_json::to_string(document).map_err(|error| error.to_string())
}

/// Percent-decoding of RFC 3986: `+` stays `+`.
#[must_use]
pub fn decode(text: &str) -> String {
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let pair = bytes.get(index + 1).zip(bytes.get(index + 2));
        if *byte == b'%'
            && let Some((high, low)) = pair
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push(high * 16 + low);
            index += 3;
        } else {
            decoded.push(*byte);
            index += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
