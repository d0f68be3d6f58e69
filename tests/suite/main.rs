mod cli;
mod desired;
mod kinds;
mod levels;
mod properties;
mod render;
mod support;
