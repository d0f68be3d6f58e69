mod desired;
mod render;
