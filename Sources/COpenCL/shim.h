// The OpenCL C API as Swift sees it. Only the headers are used: every function is looked up at run time with dlsym, so
// that a binary starts on a machine without an OpenCL library. `__typeof__` gives each looked-up pointer the type of the
// function's own declaration, whatever the version of the headers.
#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>

#define GPUALS_FUNCTION(name) typedef __typeof__(&name) name##_pointer;
GPUALS_FUNCTION(clGetPlatformIDs)
GPUALS_FUNCTION(clGetPlatformInfo)
GPUALS_FUNCTION(clGetDeviceIDs)
GPUALS_FUNCTION(clGetDeviceInfo)
GPUALS_FUNCTION(clCreateContext)
GPUALS_FUNCTION(clReleaseContext)
GPUALS_FUNCTION(clCreateCommandQueue)
GPUALS_FUNCTION(clReleaseCommandQueue)
GPUALS_FUNCTION(clFinish)
GPUALS_FUNCTION(clFlush)
GPUALS_FUNCTION(clCreateBuffer)
GPUALS_FUNCTION(clCreateSubBuffer)
GPUALS_FUNCTION(clReleaseMemObject)
GPUALS_FUNCTION(clEnqueueReadBuffer)
GPUALS_FUNCTION(clEnqueueWriteBuffer)
GPUALS_FUNCTION(clEnqueueFillBuffer)
GPUALS_FUNCTION(clEnqueueMarkerWithWaitList)
GPUALS_FUNCTION(clEnqueueBarrierWithWaitList)
GPUALS_FUNCTION(clEnqueueNDRangeKernel)
GPUALS_FUNCTION(clCreateProgramWithSource)
GPUALS_FUNCTION(clCreateProgramWithBinary)
GPUALS_FUNCTION(clReleaseProgram)
GPUALS_FUNCTION(clBuildProgram)
GPUALS_FUNCTION(clGetProgramInfo)
GPUALS_FUNCTION(clGetProgramBuildInfo)
GPUALS_FUNCTION(clCreateKernel)
GPUALS_FUNCTION(clReleaseKernel)
GPUALS_FUNCTION(clSetKernelArg)
GPUALS_FUNCTION(clGetKernelInfo)
GPUALS_FUNCTION(clGetKernelArgInfo)
GPUALS_FUNCTION(clGetKernelWorkGroupInfo)
GPUALS_FUNCTION(clRetainEvent)
GPUALS_FUNCTION(clReleaseEvent)
GPUALS_FUNCTION(clWaitForEvents)
GPUALS_FUNCTION(clGetEventProfilingInfo)
