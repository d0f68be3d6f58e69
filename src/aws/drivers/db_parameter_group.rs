//! How an RDS parameter group is called. It owns its user-set parameters: the driver resets by name what is no longer wanted.

use std::collections::BTreeSet;

use aws_sdk_rds::types::{ApplyMethod, DbParameterGroup, Filter, Parameter};

use crate::aws::prelude::*;
use crate::kinds::db_parameter_group::{PROMISED, Spec, at, calls};

/// How many parameters AWS accepts in one call.
const CHUNK: usize = 20;

/// The parameters of a group from one source, or those with these names.
async fn parameters(place: &Place, group: &str, source: Option<&str>, names: &[String]) -> Answer<Vec<Parameter>> {
    let named = || vec![Filter::builder().name("parameter-name").set_values(Some(names.to_vec())).build()];
    let call = place.reader().rds.describe_db_parameters().db_parameter_group_name(group).max_records(100);
    let call = call.set_source(source.map(str::to_owned)).set_filters((!names.is_empty()).then(named));
    place.pages(calls::PARAMETERS, group, |at| call.clone().set_marker(at).send(), |page| (page.parameters, page.marker)).await
}

fn named(parameter: &Parameter) -> Option<(String, String)> {
    Some((parameter.parameter_name()?.to_ascii_lowercase(), parameter.parameter_value()?.to_owned()))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = DbParameterGroup;
    const FOREIGN_TOO: bool = true;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<DbParameterGroup>> {
        let call = place.reader().rds.describe_db_parameter_groups().set_max_records(page(only, 100));
        let call = call.set_db_parameter_group_name(only.map(str::to_owned));
        place.look(only, |token| call.clone().set_marker(token).send(), |page| (page.db_parameter_groups, page.marker)).await
    }

    /// Reads user-set parameters, and the promised ones from any source: two pages, where the whole group has four or more.
    async fn complete(place: &Place, group: &DbParameterGroup, tags: Tags) -> Answer<Option<Live>> {
        let (mut live, promised) = (Live { tags, ..Self::shown(group) }, PROMISED.map(|(name, _)| name.to_owned()));
        let of = |source, names| parameters(place, &live.physical, source, names);
        let (user, promised) = try_join!(of(Some("user"), &[]), of(None, &promised))?;
        let keeps = |(name, set): &(String, String)| PROMISED.iter().any(|(own, all)| own == name && all.contains(&set.as_str()));
        let by_default = promised.iter().filter_map(named).filter(keeps);
        // A user-set value overrides a default.
        live.attributes.put(at::parameters, by_default.chain(user.iter().filter_map(named)).collect());
        Ok(Some(live))
    }

    fn shown(group: &DbParameterGroup) -> Live {
        let mut attributes = Readings::default();
        attributes.put(at::name, text(group.db_parameter_group_name()));
        attributes.put(at::family, text(group.db_parameter_group_family()));
        attributes.put(at::description, text(group.description()));
        Self::live(group.db_parameter_group_name(), group.db_parameter_group_arn(), attributes)
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().rds.create_db_parameter_group().db_parameter_group_name(&spec.name);
        let call = call.db_parameter_group_family(&spec.family).description(&spec.description);
        let call = call.set_tags(Some(tags::to_rds(new.tags())));
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        let Entries { missing: set, surplus: reset } = change.entries(at::parameters, |read, wanted| read == wanted)?;
        let touched = sorted(set.iter().map(|(name, _)| name).chain(&reset).cloned());
        if touched.is_empty() {
            return Ok(());
        }
        let (rds, group) = (&change.writer().rds, change.id());
        let known = change.check(parameters(change.place(), group, None, &touched).await)?;
        // AWS refuses `immediate` for a static parameter, so values that need a reboot are sent in calls of their own.
        let dynamic = known.iter().filter(|parameter| parameter.apply_type() == Some("dynamic"));
        let dynamic: BTreeSet<String> = dynamic.filter_map(|known| Some(known.parameter_name()?.to_ascii_lowercase())).collect();
        for method in [ApplyMethod::Immediate, ApplyMethod::PendingReboot] {
            let here = |name: &String| dynamic.contains(name) == (method == ApplyMethod::Immediate);
            let parameter = |name: &String| Parameter::builder().parameter_name(name).apply_method(method.clone());
            let set = set.iter().filter(|(name, _)| here(name));
            let set = chunks(CHUNK, set.map(|(name, value)| parameter(name).parameter_value(value).build()));
            let call = |some| rds.modify_db_parameter_group().db_parameter_group_name(group).set_parameters(Some(some)).send();
            change.put_each(Self::KIND.calls.named(|writes| writes.change), set, call).await?;
            let reset = chunks(CHUNK, reset.iter().filter(|name| here(name)).map(|name| parameter(name).build()));
            let call = |some| rds.reset_db_parameter_group().db_parameter_group_name(group).set_parameters(Some(some));
            change.put_each(calls::RESET, reset, |some| call(some).reset_all_parameters(false).send()).await?;
        }
        Ok(())
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().rds.delete_db_parameter_group().db_parameter_group_name(gone.id()).send()).await
    }
}
