mod cli;
mod desired;
mod faults;
mod kinds;
mod levels;
mod properties;
mod render;
mod support;
