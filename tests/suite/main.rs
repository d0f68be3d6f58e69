mod desired;
