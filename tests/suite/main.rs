mod desired;
mod permissions;
mod render;
