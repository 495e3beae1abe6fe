//! Who may not do what: `User: … is not authorized to perform: … on resource: … because …`.

/// What a refusal of AWS's says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// Who asked: an ARN as a rule.
    pub principal: String,
    /// What for: `dynamodb:PutItem`.
    pub action: String,
    /// What it was to be done to, if that is said: an ARN as a rule.
    pub resource: Option<String>,
    /// Why not, if that is said.
    pub because: Option<String>,
    /// The error code, where the SDK for Python tells it: `An error occurred (AccessDenied) when calling …`.
    pub code: Option<String>,
}

const ASSUME: &str = " is not authorized to assume the task state's role, ";

impl Denial {
    /// Finds a refusal in a text.
    pub(super) fn of(text: &str) -> Option<Self> {
        if let Some((before, role)) = text.split_once(ASSUME) {
            let (principal, role) = (principal(before)?, word(role)?);
            return Some(Self {
                principal,
                action: "sts:AssumeRole".into(),
                resource: Some(role),
                because: None,
                code: None,
            });
        }
        let (before, after) = text.split_once(" is not authorized to perform")?;
        let after = after.trim_start_matches(':').trim_start();
        let action = word(after)?;
        let rest = after.get(action.len()..).unwrap_or_default();
        let (resource, rest) = resource(rest);
        let code = before.split_once("An error occurred (").and_then(|(_, code)| code.split_once(") when calling"));
        let code = code.map(|(code, _)| code.to_owned());
        Some(Self { principal: principal(before)?, action, resource, because: because(rest), code })
    }

    /// Returns it as a sentence without what ARNs repeat.
    pub(super) fn sentence(&self) -> String {
        let Self { principal, action, resource, because, code } = self;
        let on = resource.as_deref().map(|resource| format!(" on {}", self.short(resource))).unwrap_or_default();
        let why = because.as_deref().map(|because| {
            let because = because.replace(&format!(" the {action} action"), " it");
            format!(": {because}")
        });
        let code = code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        format!("{} is not authorized to perform {action}{on}{}{code}", called(principal), why.unwrap_or_default())
    }

    /// The resource without partition, service and region; with its account when that is another one.
    fn short(&self, resource: &str) -> String {
        let Some((account, name)) = parts(resource) else { return resource.to_owned() };
        let own = parts(&self.principal).map(|(account, _)| account).unwrap_or_default();
        match account {
            _ if name.is_empty() => resource.to_owned(),
            "" => name.to_owned(),
            account if account == own || own.is_empty() => name.to_owned(),
            account => format!("{name} of account {account}"),
        }
    }
}

/// Returns the account and the name of an ARN.
fn parts(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
    let account = parts.nth(3)?;
    Some((account, parts.next()?))
}

/// `arn:aws:sts::1:assumed-role/order-flow/session` is called `Role order-flow`.
fn called(principal: &str) -> String {
    let Some((_, name)) = parts(principal) else { return principal.to_owned() };
    match name.split_once('/') {
        Some(("assumed-role", rest)) => format!("Role {}", rest.split('/').next().unwrap_or(rest)),
        Some(("role", rest)) => format!("Role {}", rest.rsplit('/').next().unwrap_or(rest)),
        Some(("user", rest)) => format!("User {}", rest.rsplit('/').next().unwrap_or(rest)),
        _ => principal.to_owned(),
    }
}

fn principal(before: &str) -> Option<String> {
    let named = before.rsplit_once("User: ").or_else(|| before.rsplit_once("ole ")).map_or(before, |(_, named)| named);
    let named = named.rsplit(char::is_whitespace).find(|word| !word.is_empty())?;
    Some(named.to_owned())
}

/// Returns the first word without the full stop or comma after it.
fn word(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?.trim_end_matches(['.', ',', ';']);
    (!word.is_empty()).then(|| word.to_owned())
}

/// Takes `on resource: X` off the front of a text.
fn resource(rest: &str) -> (Option<String>, &str) {
    let text = rest.trim_start();
    if let Some(named) = text.strip_prefix("on resource: ").or_else(|| text.strip_prefix("on resource ")) {
        let end = named.find(char::is_whitespace).unwrap_or(named.len());
        let (name, rest) = named.split_at_checked(end).unwrap_or((named, ""));
        return (Some(name.trim_matches(['.', ',', '"']).to_owned()), rest);
    }
    if let Some(named) = text.strip_prefix("on ") {
        let end = [" because ", " with an explicit "].iter().filter_map(|word| named.find(word)).min();
        let (name, rest) = named.split_at_checked(end.unwrap_or(named.len())).unwrap_or((named, ""));
        return (Some(name.trim_end_matches('.').to_owned()).filter(|name| name.len() < 200), rest);
    }
    (None, rest)
}

fn because(rest: &str) -> Option<String> {
    let rest = rest.trim();
    let why = rest.strip_prefix("because ").or_else(|| rest.strip_prefix("with an "))?;
    let why = [" (Service: ", " status code: "].iter().fold(why, |why, end| why.split(end).next().unwrap_or(why));
    let why = why.trim_end_matches('.');
    (!why.is_empty()).then(|| why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_in_one_sentence() {
        for (text, expected) in [
            (
                "User: arn:aws:sts::402817639051:assumed-role/order-flow/KqWb is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:402817639051:table/Orders because no identity-based policy allows the dynamodb:PutItem action",
                "Role order-flow is not authorized to perform dynamodb:PutItem on table/Orders: no identity-based policy allows it",
            ),
            (
                "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:iam::1:user/ops/eva is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::tax/2026.csv\" with an explicit deny in a service control policy",
                "User eva is not authorized to perform s3:GetObject on tax/2026.csv: explicit deny in a service control policy (AccessDenied)",
            ),
            (
                "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
                "Role r is not authorized to perform kms:Decrypt on the resource associated with this ciphertext: the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
            ),
            (
                "The role arn:aws:iam::1:role/service/exec is not authorized to assume the task state's role, arn:aws:iam::2:role/other.",
                "Role exec is not authorized to perform sts:AssumeRole on role/other of account 2",
            ),
            (
                "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: sqs:SendMessage",
                "Role r is not authorized to perform sqs:SendMessage",
            ),
            (
                "User: anonymous is not authorized to perform: es:ESHttpPost on resource: *",
                "anonymous is not authorized to perform es:ESHttpPost on *",
            ),
        ] {
            assert_eq!(Denial::of(text).map(|denial| denial.sentence()).as_deref(), Some(expected), "{text}");
        }
        for text in ["Access Denied", " is not authorized to perform", "is not authorized to perform: x", ""] {
            assert_eq!(Denial::of(text), None, "{text}");
        }
    }
}
