//! What a world tells while a command waits for it.

use std::fmt;
use std::sync::Arc;

use tokaido_derive::Reason;

/// Why a command waits.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Notice {
    #[en("{operation} in {region}: AWS has sent nothing for {seconds} s; the call is made again ({next} of {most})")]
    #[ja("{region} の {operation}: AWS から {seconds} 秒間何も届いていません。もう一度呼び出します（{most} 回中 {next} 回目）")]
    Silent { operation: String, region: String, seconds: u64, next: u32, most: u32 },
    #[en("{operation} in {region}: AWS has sent nothing for {seconds} s; the call is not made again")]
    #[ja("{region} の {operation}: AWS から {seconds} 秒間何も届いていません。これ以上は呼び出しません")]
    SilentToTheEnd { operation: String, region: String, seconds: u64 },
    #[en("{operation} in {region} waits {seconds} s for its turn: AWS allows {rate} of these calls a second")]
    #[ja("{region} の {operation} は {seconds} 秒待ちます。AWS が許可する呼び出しは 1 秒あたり {rate} 回です")]
    Turn { operation: String, region: String, seconds: u64, rate: String },
    #[en("{operation} in {region} waits {seconds} s: AWS says that there were too many of these calls")]
    #[ja("{region} の {operation} は {seconds} 秒待ちます。呼び出しが多すぎると AWS が応答しました")]
    Throttled { operation: String, region: String, seconds: u64 },
    #[en("{operation} in {region} is called again in {seconds} s: {answered}")]
    #[ja("{region} の {operation} を {seconds} 秒後にもう一度呼び出します: {answered}")]
    Again { operation: String, region: String, seconds: u64, answered: String },
}

/// Who hears the notices of a world. Nobody does by default.
#[derive(Clone)]
pub struct Listener(Arc<dyn Fn(&Notice) + Send + Sync>);

impl Listener {
    /// `hears` is called from any task, and must not wait.
    pub fn new(hears: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hears))
    }

    /// Tells a notice.
    pub fn hear(&self, notice: &Notice) {
        (self.0)(notice);
    }
}

impl Default for Listener {
    fn default() -> Self {
        Self::new(|_| {})
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}
