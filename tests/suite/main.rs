mod bad_input;
mod bad_values;
mod desired;
mod project;
mod promises;
mod slips;
mod table;
