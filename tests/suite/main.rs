//! The one integration-test binary. `levels.rs` checks that no file here is forgotten.

mod approvals;
mod approvers;
#[cfg(feature = "aws")]
mod aws_blocks;
#[cfg(feature = "aws")]
mod aws_bucket;
#[cfg(feature = "aws")]
mod aws_changes;
#[cfg(feature = "aws")]
mod aws_clock;
#[cfg(feature = "aws")]
mod aws_clusters;
#[cfg(feature = "aws")]
mod aws_connect;
#[cfg(feature = "aws")]
mod aws_drivers;
#[cfg(feature = "aws")]
mod aws_elements;
#[cfg(feature = "aws")]
mod aws_errors;
#[cfg(feature = "aws")]
mod aws_foreign;
#[cfg(feature = "aws")]
mod aws_generic;
#[cfg(feature = "aws")]
mod aws_keys;
#[cfg(feature = "aws")]
mod aws_limits;
#[cfg(feature = "aws")]
mod aws_observed;
#[cfg(feature = "aws")]
mod aws_incomplete;
#[cfg(feature = "aws")]
mod aws_inventory;
#[cfg(feature = "aws")]
mod aws_matrix;
#[cfg(feature = "aws")]
mod aws_offers;
#[cfg(feature = "aws")]
mod aws_parameters;
#[cfg(feature = "aws")]
mod aws_paths;
#[cfg(feature = "aws")]
mod aws_readers;
#[cfg(feature = "aws")]
mod aws_replay;
#[cfg(feature = "aws")]
mod aws_replies;
#[cfg(feature = "aws")]
mod aws_requests;
#[cfg(feature = "aws")]
mod aws_settings;
#[cfg(feature = "aws")]
mod aws_silence;
#[cfg(feature = "aws")]
mod aws_storage;
#[cfg(feature = "aws")]
mod aws_store;
#[cfg(feature = "aws")]
mod aws_store_wire;
#[cfg(feature = "aws")]
mod aws_stores;
#[cfg(feature = "aws")]
mod aws_tagged;
#[cfg(feature = "aws")]
mod aws_unasked;
mod bad_input;
mod bad_values;
mod bad_world;
mod bootstrap;
mod catalogue;
mod cli;
mod concurrent;
mod controls;
mod data_stays;
mod declared;
mod desired;
mod digests;
mod doctor;
mod excerpts;
mod explain;
mod extremes;
mod fast_storage;
mod faults;
mod glossary;
mod growth;
mod habits;
mod hardened;
mod illegal;
mod japanese;
mod kinds;
mod promotion_path;
mod promotion_pins;
mod promotion_watch;
mod languages;
mod later;
mod lease;
mod levels;
mod locked_parameters;
mod logged;
mod lost;
mod moved_alias;
mod moves;
mod names;
mod near_windows;
mod offers;
mod opens;
mod outputs;
mod permissions;
mod plan;
#[cfg(feature = "policy")]
mod policy;
mod policy_gate;
mod project;
mod promises;
mod promotion;
mod properties;
mod prove;
mod refused_engine;
mod relabelled;
mod reach;
mod release;
mod requests;
mod render;
mod repeated;
mod respelled;
mod risk;
mod said;
mod sandbox;
mod saved;
mod secrets;
mod slips;
mod start;
mod storage_full;
mod support;
mod table;
mod tombstones;
mod tree;
mod upstream;
mod unsound;
mod verdicts;
mod watch;
mod worlds;
