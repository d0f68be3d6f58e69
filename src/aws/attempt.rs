//! The number of the attempt that is on its way. The SDK makes one of each call, so its own number is always 1.

tokio::task_local! {
    static ATTEMPT: u32;
}

/// From 1; 1 for a call that no sender sends.
#[must_use]
pub fn number() -> u32 {
    ATTEMPT.try_with(|attempt| *attempt).unwrap_or(1)
}

/// Makes this the number of the attempt that `call` is.
pub async fn numbered<C: Future>(number: u32, call: C) -> C::Output {
    ATTEMPT.scope(number, call).await
}
