// Kernels for every x86-64 processor, and for others.
#define WENGERT_VECTOR 2
#define WENGERT_ADD add_baseline
#if defined(__x86_64__) && defined(WENGERT_HAS_LIBMVEC)
#define WENGERT_LIBMVEC1(name) _ZGVbN2v_##name
#define WENGERT_LIBMVEC2(name) _ZGVbN2vv_##name
#endif
#include "lanes_body.hpp"
