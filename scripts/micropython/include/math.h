#pragma once
typedef float float_t; typedef double double_t;
#define NAN __builtin_nan("")
#define INFINITY __builtin_inf()
#define HUGE_VAL __builtin_inf()
#define M_PI 3.14159265358979323846
#define M_E 2.7182818284590452354
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define signbit(x) __builtin_signbit(x)
#define fpclassify(x) __builtin_fpclassify(FP_NAN, FP_INFINITE, FP_NORMAL, FP_SUBNORMAL, FP_ZERO, x)
double nan(const char *);
double acos(double),acosh(double),asin(double),asinh(double),atan(double),atan2(double,double),atanh(double),ceil(double),copysign(double,double),cos(double),cosh(double),erf(double),erfc(double),exp(double),expm1(double),fabs(double),floor(double),fmod(double,double),frexp(double,int*),ldexp(double,int),lgamma(double),log(double),log10(double),log1p(double),log2(double),modf(double,double*),nearbyint(double),pow(double,double),rint(double),round(double),scalbn(double,int),sin(double),sinh(double),sqrt(double),tan(double),tanh(double),tgamma(double),trunc(double);
