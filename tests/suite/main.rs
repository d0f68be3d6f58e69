mod desired;
mod kinds;
mod levels;
mod render;
mod support;
