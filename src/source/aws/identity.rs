//! Who is asking.

use super::{AwsError, Client, Identity};

impl Client {
    /// Asks as whom AWS knows the caller.
    pub async fn identity(&self) -> Result<Identity, AwsError> {
        let (account, arn) = self.caller_identity().await?;
        Ok(Identity { account: account.unwrap_or_default().into(), arn: arn.unwrap_or_default().into() })
    }
}
