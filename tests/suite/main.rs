#[cfg(feature = "aws")]
mod aws_connect;
#[cfg(feature = "aws")]
mod aws_drivers;
#[cfg(feature = "aws")]
mod aws_errors;
#[cfg(feature = "aws")]
mod aws_replay;
mod desired;
mod permissions;
mod render;
