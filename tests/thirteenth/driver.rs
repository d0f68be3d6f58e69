//! How an RDS event subscription is called. Its tags are asked for by its ARN.

use std::collections::BTreeSet;

use aws_sdk_rds::types::EventSubscription;

use crate::aws::prelude::*;
use crate::kinds::db_event_subscription::{Spec, at};

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = EventSubscription;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<EventSubscription>> {
        let call = place.reader().rds.describe_event_subscriptions().set_max_records(page(only, 100));
        let call = call.set_subscription_name(only.map(str::to_owned));
        place.look(only, |token| call.clone().set_marker(token).send(), |page| (page.event_subscriptions_list, page.marker)).await
    }

    fn shown(subscription: &EventSubscription) -> Live {
        let categories: BTreeSet<&String> = subscription.event_categories_list().iter().collect();
        let spec = Self {
            name: text(subscription.cust_subscription_id()),
            topic: text(subscription.sns_topic_arn()),
            source_type: text(subscription.source_type()),
            categories: categories.into_iter().cloned().collect(),
            enabled: subscription.enabled().unwrap_or_default(),
        };
        Live {
            status: Self::status(subscription.status().unwrap_or("creating")),
            ..Self::live(subscription.cust_subscription_id(), subscription.event_subscription_arn(), spec.lower())
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().rds.create_event_subscription().subscription_name(&spec.name).sns_topic_arn(&spec.topic);
        let call = call.source_type(&spec.source_type).set_event_categories(Some(spec.categories.clone()));
        let call = call.enabled(spec.enabled).set_tags(Some(tags::to_rds(new.tags())));
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        let categories = change.to(at::categories)?;
        if categories.as_ref().is_some_and(Vec::is_empty) {
            return Err(change.invalid("a call without categories leaves them as they are"));
        }
        let call = change.writer().rds.modify_event_subscription().subscription_name(change.id());
        let call = call.set_sns_topic_arn(change.to(at::topic)?).set_source_type(change.to(at::source_type)?);
        let call = call.set_event_categories(categories).set_enabled(change.to(at::enabled)?);
        change.all_handled()?;
        change.send(|| call.clone().send()).await.map(drop)
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().rds.delete_event_subscription().subscription_name(gone.id()).send()).await
    }
}
