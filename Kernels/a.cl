// test
__kernel void a(__global int* x){}
