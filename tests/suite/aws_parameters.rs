//! How parameters of a group are sent (C8): what a promise needs first and alone, and never one of which RDS accepts no change.

use serde_json::json;
use tokaido::model::{Reading, Region};
use tokaido::world::ErrorClass;

use super::aws_drivers::{form, live, update};
use super::aws_replay::{Answer, Replay, Seen, ok, status};

const REFUSED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameterValue</Code>\
    <Message>refused</Message></Error></ErrorResponse>";

/// The parameters of the group, each with whether RDS accepts a change of it.
fn group(fixed: &'static [&'static str], refused: &'static str) -> impl Fn(&Seen) -> Answer + Send + Sync {
    move |seen| match seen.action().as_str() {
        "DescribeDBParameters" => {
            let one = |name: &str| {
                let may = !fixed.contains(&name);
                let kind = if name == "shared_buffers" { "static" } else { "dynamic" };
                format!(
                    "<Parameter><ParameterName>{name}</ParameterName><ParameterValue>0</ParameterValue><ApplyType>{kind}</ApplyType>\
                     <IsModifiable>{may}</IsModifiable></Parameter>"
                )
            };
            let all: String = ["log_timezone", "rds.force_ssl", "shared_buffers", "timezone", "work_mem"].map(one).concat();
            ok(&*format!(
                "<DescribeDBParametersResponse><DescribeDBParametersResult><Parameters>{all}</Parameters>\
                 </DescribeDBParametersResult></DescribeDBParametersResponse>"
            ))
        }
        "ModifyDBParameterGroup" if form(seen).iter().any(|part| part.ends_with(&format!("ParameterName={refused}"))) => {
            status(400, REFUSED)
        }
        _ => ok("<ModifyDBParameterGroupResponse><ModifyDBParameterGroupResult/></ModifyDBParameterGroupResponse>"),
    }
}

/// The names of each call that changes something, and how the step ended.
async fn sent(fixed: &'static [&'static str], refused: &'static str) -> (Vec<Vec<String>>, Option<(ErrorClass, String)>) {
    let replay = Replay::answering(group(fixed, refused));
    let parameters = |value: &str| {
        let names = ["work_mem", "timezone", "shared_buffers", "rds.force_ssl", "log_timezone"];
        json!({ "name": "dev-postgres16", "parameters": names.map(|name| (name, value)).into_iter().collect::<std::collections::BTreeMap<_, _>>() })
    };
    let request = update(live("dev-postgres16", parameters("0")), parameters("1"), &["parameters"]);
    let ended = replay.driver("db-parameter-group", Region::Tokyo).update(&request).await;
    let changes =
        replay.seen().into_iter().filter(|seen| seen.action() == "ModifyDBParameterGroup").map(|seen| {
            form(&seen).into_iter().filter_map(|part| Some(part.split_once("ParameterName=")?.1.to_owned())).collect()
        });
    (changes.collect(), ended.err().map(|error| (error.class, error.to_string())))
}

fn lists(names: &[&[&str]]) -> Vec<Vec<String>> {
    names.iter().map(|list| list.iter().map(|name| (*name).to_owned()).collect()).collect()
}

#[tokio::test]
async fn what_a_promise_needs_goes_first_and_alone() {
    let (changes, error) = sent(&[], "").await;
    assert_eq!(changes, lists(&[&["rds.force_ssl"], &["timezone"], &["log_timezone"], &["work_mem"], &["shared_buffers"]]));
    assert_eq!(error, None);
}

#[tokio::test]
async fn a_refused_parameter_takes_no_other_down() {
    for refused in ["rds.force_ssl", "log_timezone", "work_mem"] {
        let (changes, error) = sent(&[], refused).await;
        assert_eq!(changes.len(), 5, "{refused}: {changes:?}");
        assert_eq!(error.map(|(class, _)| class), Some(ErrorClass::Invalid), "{refused}");
    }
}

#[tokio::test]
async fn one_of_which_rds_accepts_no_change_is_named_and_not_sent() {
    let (changes, error) = sent(&["log_timezone"], "").await;
    assert_eq!(changes, lists(&[&["rds.force_ssl"], &["timezone"], &["work_mem"], &["shared_buffers"]]));
    let (class, text) = error.expect("not all is as asked");
    assert!(class == ErrorClass::Invalid && text.contains("RDS accepts no change of log_timezone"), "{text}");
}

/// A plan refuses it by its name, because the reading has it.
#[tokio::test]
async fn the_reading_says_of_which_parameters_rds_accepts_no_change() {
    let replay = Replay::answering(|seen: &Seen| match seen.action().as_str() {
        "DescribeDBParameterGroups" => {
            ok("<DescribeDBParameterGroupsResponse><DescribeDBParameterGroupsResult><DBParameterGroups><DBParameterGroup>\
             <DBParameterGroupName>dev-postgres16</DBParameterGroupName><DBParameterGroupFamily>postgres16</DBParameterGroupFamily>\
             <Description>d</Description><DBParameterGroupArn>arn:aws:rds:ap-northeast-1:111111111111:pg:dev-postgres16</DBParameterGroupArn>\
             </DBParameterGroup></DBParameterGroups></DescribeDBParameterGroupsResult></DescribeDBParameterGroupsResponse>")
        }
        "ListTagsForResource" => ok(
            "<ListTagsForResourceResponse><ListTagsForResourceResult><TagList/></ListTagsForResourceResult></ListTagsForResourceResponse>",
        ),
        _ => group(&["log_timezone"], "")(seen),
    });
    let live = replay.driver("db-parameter-group", Region::Tokyo).read("dev-postgres16").await.expect("answered").expect("there");
    let reading = live.attributes.get(tokaido::kinds::db_parameter_group::at::unmodifiable);
    assert_eq!(reading, Reading::Value(vec!["log_timezone".to_owned()]));
}
