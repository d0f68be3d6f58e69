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
    name(parameter).zip(parameter.parameter_value().map(str::to_owned))
}

fn name(parameter: &Parameter) -> Option<String> {
    parameter.parameter_name().map(str::to_ascii_lowercase)
}

/// The parameters of which RDS says that it accepts no change.
fn fixed(known: &[Parameter]) -> BTreeSet<String> {
    known.iter().filter(|parameter| parameter.is_modifiable() == Some(false)).filter_map(name).collect()
}

/// The parameters in the groups in which they are sent. RDS refuses a call as a whole: what a promise needs goes first, each in a
/// call of its own, so that no other refused one takes it down. RDS refuses `immediate` for a static parameter.
fn groups(mut all: Vec<Parameter>) -> Vec<Vec<Parameter>> {
    let promised = |one: &Parameter| PROMISED.iter().position(|(own, _)| one.parameter_name() == Some(own));
    let later = |one: &Parameter| one.apply_method() == Some(&ApplyMethod::PendingReboot);
    let place = |one: &Parameter| promised(one).unwrap_or_else(|| PROMISED.len() + usize::from(later(one)));
    all.sort_by_key(place);
    let together = |one: &Parameter, other: &Parameter| promised(one).is_none() && place(one) == place(other);
    all.chunk_by(together).flat_map(|some| some.chunks(CHUNK)).map(<[_]>::to_vec).collect()
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
        live.attributes.put(at::unmodifiable, fixed(&promised).into_iter().collect());
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
        let fixed = fixed(&known);
        let dynamic = known.iter().filter(|parameter| parameter.apply_type() == Some("dynamic"));
        let dynamic: BTreeSet<String> = dynamic.filter_map(name).collect();
        let parameter = |name: &String| {
            let method = if dynamic.contains(name) { ApplyMethod::Immediate } else { ApplyMethod::PendingReboot };
            Parameter::builder().parameter_name(name).apply_method(method)
        };
        let mut refused = None;
        let set = set.iter().filter(|(name, _)| !fixed.contains(name));
        for some in groups(set.map(|(name, value)| parameter(name).parameter_value(value).build()).collect()) {
            let call = |some| rds.modify_db_parameter_group().db_parameter_group_name(group).set_parameters(Some(some)).send();
            match change.put_each(Self::KIND.calls.named(|writes| writes.change), vec![some], call).await {
                Err(error) if error.class == ErrorClass::Invalid => _ = refused.get_or_insert(error),
                ended => ended?,
            }
        }
        let reset = reset.iter().filter(|name| !fixed.contains(*name)).map(|name| parameter(name).build());
        let call = |some| rds.reset_db_parameter_group().db_parameter_group_name(group).set_parameters(Some(some));
        change.put_each(calls::RESET, groups(reset.collect()), |some| call(some).reset_all_parameters(false).send()).await?;
        // Of a group that was just made no plan knew these.
        let names = fixed.into_iter().collect::<Vec<_>>().join(", ");
        let refused =
            refused.or_else(|| (!names.is_empty()).then(|| change.invalid(format!("RDS accepts no change of {names}"))));
        refused.map_or(Ok(()), Err)
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().rds.delete_db_parameter_group().db_parameter_group_name(gone.id()).send()).await
    }
}
